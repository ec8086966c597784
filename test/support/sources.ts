/** An engine's store, estate and sources on a real database in a folder of their own, without the rest of the engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import type { Context } from '../../electron/engine/context.ts';
import { dispatch } from '../../electron/engine/dispatch.ts';
import { EstateView } from '../../electron/engine/estate/view.ts';
import { alertmanager } from '../../electron/engine/sources/alertmanager.ts';
import { createSources, type Sources, type SourcesOptions } from '../../electron/engine/sources/index.ts';
import { prometheus } from '../../electron/engine/sources/prometheus.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { CAPABILITIES, type Reply } from '../../shared/contract/spec.ts';
import { table, type Input, type Name, type Output } from '../../shared/contract/table.ts';
import { dependencyId } from '../../shared/domain/estate.ts';
import type { SourceState } from '../../shared/contract/sources.ts';
import { ESTATE } from '../../shared/ops/op.ts';

export interface EstateSketch {
  /** Fields of services by id. */
  services?: Record<string, Record<string, unknown>>;
  /** `from → to` for hard dependencies, `from ⇢ to` for soft ones. */
  dependencies?: string[];
  businessServices?: Record<string, Record<string, unknown>>;
}

export interface Rig {
  directory: string;
  store: Store;
  estate: EstateView;
  sources: Sources;
  context: Context;
  sketch(estate: EstateSketch): void;
  /** Runs a command or query as the console would. */
  call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>>;
  /** As `call`; a refusal is an error. */
  run<K extends Name>(name: K, input: Input<K>): Promise<Output<K>>;
  state(source: string): SourceState;
  /** Types and payloads of the ops that the console wrote by itself. */
  systemOps(): { type: string; payload: Record<string, unknown> }[];
  /** Closes it as a quit would; the folder stays when `keep`. */
  close(keep?: boolean): Promise<void>;
}

/** Quick to recover, so that a test need not wait for a minute. */
export const QUICK = { worsenMs: 2_000, improveMs: 1_500, relapseMs: 10_000, maxImproveMs: 3_000 };

export function rig(options: Partial<SourcesOptions> & { at?: string } = {}): Rig {
  const directory = options.at ?? mkdtempSync(join(tmpdir(), 'holdfast-sources-'));
  const now = options.clock?.now ?? Date.now;
  const opened = openDatabase(directory);
  const store = new Store(opened, loadIdentity(directory), now);
  const estate = new EstateView(store);
  const sources = createSources({
    store,
    estate,
    modules: [prometheus, alertmanager],
    directory,
    now,
    zone: 'Europe/Vienna',
    hysteresis: QUICK,
    maxBackoffMs: 1_500,
    ...options,
  });
  store.onCommit(({ touched }) => estate.refresh(touched));
  const author = { actor: 'ana', zone: 'Europe/Vienna' };
  const put = (kind: string, id: string, fields: Record<string, unknown>) =>
    store.commit(author, (tx) => tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields } }));
  const context = {
    session: {
      actor: 'ana',
      ...{ state: 'open', person: 'ana', how: null, since: null, rights: [] },
      capabilities: new Set(CAPABILITIES),
    },
    caller: null,
    access: { sessions: { locksAt: () => null } },
    sync: { status: () => ({ state: 'alone', since: null }) },
    store,
    estate,
    sources,
    now,
    zone: 'Europe/Vienna',
    version: 'test',
    paths: {
      data: directory,
      assets: directory,
    },
    commit: (work: Parameters<Context['commit']>[0]) => store.commit(author, work),
    warnings: () => sources.warnings(),
  } as unknown as Context;
  const call = <K extends Name>(name: K, input: Input<K>) =>
    dispatch(name, input, context) as Promise<Reply<Output<K>>>;
  return {
    directory,
    store,
    estate,
    sources,
    context,
    call,
    sketch({ services = {}, dependencies = [], businessServices = {} }) {
      for (const [id, fields] of Object.entries(services))
        put('service', id, {
          ref: `component:default/${id}`,
          name: id,
          ...fields,
        });
      for (const text of dependencies) {
        const [from, arrow, to] = text.split(' ') as [string, string, string];
        put('dependency', dependencyId(from, to), {
          from,
          to,
          strength: arrow === '→' ? 'hard' : 'soft',
        });
      }
      for (const [id, fields] of Object.entries(businessServices))
        put('business-service', id, {
          name: id,
          ...fields,
        });
    },
    async run(name, input) {
      const reply = await call(name, input);
      if (!reply.ok) throw new Error(`${name}: ${reply.code}: ${reply.message}`);
      return table[name].output.parse(reply.value) as Output<typeof name>;
    },
    state: (source) => sources.list().find(({ id }) => id === source)!.state,
    systemOps: () =>
      [...store.log.all()]
        .filter(({ actor }) => actor === 'system')
        .map(({ type, payload }) => ({
          type,
          payload,
        })),
    async close(keep = false) {
      await sources.stop();
      opened.close();
      if (!keep)
        rmSync(directory, {
          recursive: true,
          force: true,
        });
    },
  };
}
