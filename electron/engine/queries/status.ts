import { somewhere } from '../access/rights.ts';
import { verifiedView } from '../access/sso/view.ts';
import { handle, type Context } from '../context.ts';
import { namedActor } from '../names.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';

export default handle('status', async (context) => {
  const { store, estate } = context;
  const byState: Record<string, number> = {};
  const sources = context.sources.list();
  for (const source of sources) byState[source.state] = (byState[source.state] ?? 0) + 1;
  return {
    version: context.version,
    dataDir: context.paths.data,
    console: store.console,
    ops: store.opCount,
    head: store.head?.id ?? null,
    seq: store.head?.seq ?? 0,
    schema: SCHEMA_VERSION,
    quarantined: store.quarantined(),
    unknownOps: store.unknownOps(),
    estate: {
      ...estate.profile,
      services: estate.all('service').size,
      dependencies: estate.all('dependency').size,
      stores: estate.all('store').size,
    },
    link: context.sync.status(),
    digest: context.digest.period === null ? null : await headline(context),
    sources: { total: sources.length, byState },
    actor: namedActor(context, context.session.actor),
    access: {
      state: context.session.state,
      may: somewhere(context.session),
      locksAt: context.access.sessions.locksAt(context.caller),
      verified: verifiedView(context),
      ended: context.session.state === 'locked' ? context.access.sessions.endedOf(context.caller) : null,
    },
    warnings: context.warnings(),
    writable: store.writable,
    now: context.now(),
    zone: context.zone,
  } as const;
});

async function headline(context: Context): Promise<string | null> {
  const { unreadDigest } = await import('../digest/view.ts');
  return unreadDigest(context)?.headline ?? null;
}
