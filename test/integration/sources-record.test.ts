import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Observation, SourceModule } from '../../electron/engine/sources/source.ts';
import { rig, type Rig } from '../support/sources.ts';
import { until } from '../support/servers.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** A source that says what the test wants it to say. */
function puppet() {
  const state = { observations: [] as Observation[], polls: 0 };
  const module: SourceModule = {
    type: 'puppet',
    title: 'Puppet',
    fields: [],
    config: z.strictObject({}),
    timing: () => ({ intervalMs: 100, timeoutMs: 1000 }),
    create: () => ({
      poll: async () => (state.polls++, { observations: state.observations, message: 'Spoken.' }),
      test: async () => ({ ok: true, message: 'Speaks.', ms: 0, seen: [] }),
      close: () => {},
    }),
  };
  return { state, module };
}

function opened(module: SourceModule, at?: string): Rig {
  const made = rig({ modules: [module], ...(at === undefined ? {} : { at }) });
  cleanups.push(() => made.close());
  return made;
}

const change = (key: string, more: Partial<NonNullable<Observation['change']>> = {}): Observation => ({
  key,
  subject: { service: 'web' },
  kind: 'change',
  title: `web 4.18 (${key})`,
  text: '',
  value: null,
  unit: '',
  health: null,
  tier: null,
  since: null,
  observedAt: Date.now(),
  validForMs: 60_000,
  change: {
    services: ['web'],
    kind: 'deployment',
    by: 'ci',
    at: Date.now() - 60_000,
    ...more,
  },
});

describe('what sources report', () => {
  it('is recorded once when it is a change, however often and after whatever restart it is seen', async () => {
    const { state, module } = puppet();
    const first = opened(module);
    first.sketch({ services: { web: {} } });
    state.observations = [change('a'), change('b', { at: Date.now() + 3_600_000 })];
    first.sources.start();
    await first.run('sources.add', { id: 'git', type: 'puppet' });
    await until('several reads', () => state.polls > 5);
    const ops = first.systemOps();
    expect(
      ops.map(({ type, payload }) => [type, payload['title'], payload['services'], payload['source'], payload['by']]),
    ).toEqual([
      ['change.record', 'web 4.18 (a)', ['web'], 'git', 'ci'],
      ['change.record', 'web 4.18 (b)', ['web'], 'git', 'ci'],
    ]);
    expect(Math.max(...[...first.store.log.all()].map(({ eventTime }) => eventTime))).toBeLessThanOrEqual(Date.now());
    await first.close(true);
    cleanups.pop();

    const second = opened(module, first.directory);
    state.polls = 0;
    state.observations.push(change('c'));
    second.sources.start();
    await until('several reads', () => state.polls > 5);
    expect(second.systemOps().map(({ payload }) => payload['title'])).toEqual([
      'web 4.18 (a)',
      'web 4.18 (b)',
      'web 4.18 (c)',
    ]);
  });

  it('is recorded although another change beside it makes no sense', async () => {
    const { state, module } = puppet();
    const made = opened(module);
    state.observations = [change('bad', { services: ['not an id'] }), change('good')];
    made.sources.start();
    await made.run('sources.add', { id: 'git', type: 'puppet' });
    await until('the good one', () => made.systemOps().length > 0);
    const polls = state.polls;
    await until('more reads', () => state.polls > polls + 3);
    expect(made.systemOps().map(({ payload }) => payload['title'])).toEqual(['web 4.18 (good)']);
  });

  it('is told to the screens: a new health at once, a confirmation quietly', async () => {
    const { state, module } = puppet();
    const made = opened(module);
    made.sketch({ services: { web: {} } });
    const told: string[][] = [];
    made.sources.onChange((keys) => told.push(keys.sort()));
    made.sources.start();
    await made.run('sources.add', { id: 'probe', type: 'puppet' });
    const metric = (health: 'healthy' | 'failing'): Observation => ({
      ...change('m'),
      kind: 'metric',
      health,
      observedAt: Date.now(),
    });
    delete metric('healthy').change;
    state.observations = [{ ...metric('failing'), change: undefined } as unknown as Observation];
    await until('the screens to be told', () =>
      told.some((keys) => keys.includes('health') && made.sources.board.serviceHealth('web').health === 'failing'),
    );
    await until('the change to be in the log', () => made.systemOps().length === 1);
    told.length = 0;
    const polls = state.polls;
    await until('many reads', () => state.polls > polls + 15);
    expect(told.length).toBeLessThanOrEqual(2);
  });
});
