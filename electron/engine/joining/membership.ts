/**
 * What this console belongs to, and what the log says of the others. Invariant: it is read from the tables each time; only
 * that a request is under way is remembered beside them, because the answer comes from elsewhere.
 */
import { z } from 'zod';
import type { Done, OrganisationView } from '../../../shared/contract/consoles.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { spoken } from '../../../shared/domain/joining/spoken.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { heads } from '../../../shared/ops/registers.ts';
import type { Context } from '../context.ts';
import type { Store } from '../store/store.ts';

type Known = Pick<Context, 'store' | 'estate'>;

const META = 'joining';

export const Asking = z.object({
  organisation: z.string(),
  /** What this console wants to be called. */
  name: z.string(),
  /** Of who invited. */
  inviter: z.object({ id: z.string(), name: z.string() }),
  /** Id of the op with the request. */
  request: z.string(),
  at: z.int(),
  expires: z.int(),
});
export type Asking = z.infer<typeof Asking>;

/** The request that this console wrote last; null when it never did. */
export function askingOf(store: Store): Asking | null {
  const text = store.meta(META);
  if (!text) return null;
  try {
    return Asking.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function rememberAsking(store: Store, asking: Asking): void {
  store.setMeta(META, JSON.stringify(asking));
}

/** The organisation that the log tells of; of several the one that was founded first. */
export function organisationOf(store: Store): { id: string; name: string; founded: FoundedAt } | null {
  const all = store
    .entities('organisation', ESTATE)
    .flatMap(({ id, doc }) => {
      const founded = Founded.safeParse(doc['founded']);
      return founded.success ? [{ id, name: String(doc['name'] ?? id), founded: founded.data }] : [];
    })
    .sort((a, b) => a.founded.at - b.founded.at);
  return all[0] ?? null;
}

const Founded = z.object({ console: z.string(), by: z.string(), at: z.int() });
type FoundedAt = z.infer<typeof Founded>;

export function consoleName(store: Store, id: string): string {
  const given = store.entity('console', ESTATE, id)?.doc['name'];
  if (typeof given === 'string') return oneLine(given, 100) || id;
  // Until something of them is heard: who invited us as the code calls it, and this console as it asked.
  const asking = askingOf(store);
  if (asking === null) return id;
  const name = id === store.console ? asking.name : id === asking.inviter.id ? asking.inviter.name : '';
  return oneLine(name, 100) || id;
}

export function doneBy({ store, estate }: Known, { console, by, at }: FoundedAt): Done {
  return {
    by: { id: by, name: estate.actorName(by) },
    console: { id: console, name: consoleName(store, console) },
    at,
  };
}

export interface VerdictOn {
  access: 'enrolled' | 'revoked';
  reason: string | null;
  op: string;
  done: FoundedAt;
}

/** The words on whether a console counts that nobody replaced, the newest last. */
export function verdictsOn(store: Store, id: string): VerdictOn[] {
  const state = store.state('console', ESTATE, id);
  if (!state) return [];
  return heads(state, 'access').map(({ op, value, reason, actor, eventTime }) => ({
    access: value === 'enrolled' ? 'enrolled' : 'revoked',
    reason: reason ?? null,
    op,
    done: { console: store.log.get(op)?.console ?? '', by: actor, at: eventTime },
  }));
}

/** Why the request of this console was not granted; null when it was not refused. */
function refusalOf(store: Store, asking: Asking): { reason: string; by: string; at: number } | null {
  const doc = store.entity('refusal', ESTATE, store.console)?.doc;
  if (!doc || doc['request'] !== asking.request) return null;
  return { reason: String(doc['reason'] ?? ''), by: String(doc['by'] ?? ''), at: Number(doc['at'] ?? 0) };
}

/** What is in this console's log, for who joins or founds. */
export function logState({ store, estate }: Known): OrganisationView['log'] {
  if (organisationOf(store)) return 'organisation';
  if (estate.profile.demonstration) return 'demonstration';
  // What a request under way wrote was decided about when it was written.
  return store.opCount === 0 || askingOf(store) ? 'empty' : 'own';
}

export function organisationView(context: Context): OrganisationView {
  const { store, zone, estate } = context;
  const now = context.now();
  const organisation = organisationOf(store);
  const asking = askingOf(store);
  const mine = store.entity('console', ESTATE, store.console)?.doc;
  const when = (at: number) => formatWhen(at, zone, now);
  const standing = standingOf(context, organisation, asking);
  const name = oneLine(organisation?.name ?? asking?.organisation ?? '', 200);
  const last = verdictsOn(store, store.console).findLast(({ access }) => access === 'revoked');
  const words = {
    alone: () => 'This console belongs to no organisation: what it writes counts here alone.',
    founder: () => `This console founded ${name}.`,
    member: () => `This console belongs to ${name}.`,
    asking: () =>
      asking!.expires < now
        ? `Asked ${asking!.organisation} at ${when(asking!.at)}, and nobody answered before the code expired; if it asked too late, ask for a new code.`
        : `Asked ${asking!.organisation} at ${when(asking!.at)}; somebody there has to accept this console. Everything goes on here meanwhile.`,
    refused: () => {
      const { reason, by, at } = refusalOf(store, asking!)!;
      return `${estate.actorName(by)} refused this console at ${when(at)}: ${oneLine(reason, 300)}. With a new code it can ask again.`;
    },
    revoked: () =>
      last
        ? `This console was revoked by ${estate.actorName(last.done.by)} at ${when(last.done.at)}: ${oneLine(last.reason ?? '', 300)}. What is written here counts here alone; it can still be exported.`
        : 'This console was revoked. What is written here counts here alone; it can still be exported.',
  }[standing]();
  return {
    organisation: organisation && {
      id: organisation.id,
      name,
      founded: doneBy(context, organisation.founded),
    },
    standing,
    words,
    console: {
      id: store.console,
      name: typeof mine?.['name'] === 'string' ? oneLine(mine['name'], 100) : '',
      spoken: spoken(store.console),
    },
    log: logState(context),
    ops: store.opCount,
  };
}

function standingOf(
  { store }: Known,
  organisation: ReturnType<typeof organisationOf>,
  asking: Asking | null,
): OrganisationView['standing'] {
  const access = store.entity('console', ESTATE, store.console)?.doc['access'];
  if (access === 'revoked') return asking && isNewer(store, asking) ? 'asking' : 'revoked';
  if (organisation?.founded.console === store.console) return 'founder';
  if (access === 'enrolled' && organisation) return 'member';
  if (asking) return refusalOf(store, asking) ? 'refused' : 'asking';
  return organisation ? 'member' : 'alone';
}

/** Whether a revoked console asked anew since, and was not refused. */
function isNewer(store: Store, asking: Asking): boolean {
  const last = verdictsOn(store, store.console).at(-1);
  return asking.at > (last?.done.at ?? 0) && refusalOf(store, asking) === null;
}

/**
 * The organisation in which this console may decide about others.
 * @throws Refusal when it belongs to none, or was revoked.
 */
export function ownOrganisation(context: Context): { id: string; name: string } {
  const organisation = organisationOf(context.store);
  const view = organisationView(context);
  if (
    view.standing === 'revoked' ||
    context.store.entity('console', ESTATE, context.store.console)?.doc['access'] === 'revoked'
  )
    throw new Refusal('refused', 'This console was revoked: what it says about consoles counts nowhere else.');
  if (!organisation)
    throw new Refusal('refused', 'This console belongs to no organisation: found one, or join one with a code.');
  return organisation;
}

/** A sentence for every screen about this console's own standing; null when all is well. */
export function membershipWarning(context: Context): string | null {
  const { store } = context;
  const access = store.entity('console', ESTATE, store.console)?.doc['access'];
  if (access !== 'revoked' && !askingOf(store)) return null;
  const view = organisationView(context);
  return view.standing === 'revoked' || view.standing === 'refused' ? view.words : null;
}

/**
 * The console that `key` means: its id, its name, or the beginning of either.
 * @throws Refusal `not_found`
 */
export function findConsole(store: Store, key: string, among: Iterable<string>): string {
  const text = key.trim().toLowerCase();
  const all = [...new Set(among)];
  const named = (id: string) => consoleName(store, id).toLowerCase();
  const ways: ((id: string) => boolean)[] = [
    (id) => id === text,
    (id) => named(id) === text,
    (id) => spoken(id).startsWith(text),
    (id) => id.startsWith(text) || named(id).startsWith(text),
  ];
  for (const way of ways) {
    const found = all.filter(way);
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new Refusal('bad_input', `"${oneLine(key, 60)}" may be ${found.length} consoles: write more of it.`);
  }
  throw new Refusal('not_found', `There is no console "${oneLine(key, 60)}" here.`);
}
