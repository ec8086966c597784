/** A source that says of services what a test wants it to say, and a clock that jumps. */
import { z } from 'zod';
import type { Observation, SourceModule } from '../../electron/engine/sources/source.ts';
import type { Health } from '../../shared/domain/words.ts';

export interface Puppet {
  module: SourceModule;
  now: () => number;
  /** Lets time pass at once, minutes. */
  pass(minutes: number): void;
  /** What it says of services from its next poll on; done when that was heard. */
  say(healths: Record<string, Health>): Promise<void>;
}

/** @param intervalMs how often it is asked */
export function puppetSource(intervalMs = 50): Puppet {
  let shift = 0;
  const now = (): number => Date.now() + shift;
  let polls = 0;
  let waiting: { at: number; tell: () => void }[] = [];
  const said = new Map<string, { health: Health; since: number }>();
  const observations = (): Observation[] =>
    [...said].map(([service, { health, since }]) => ({
      key: `metric:${service}`,
      subject: { service },
      kind: 'metric',
      title: 'error ratio',
      text: '',
      value: health === 'healthy' ? 0 : 0.4,
      unit: 'ratio',
      health,
      tier: null,
      since,
      observedAt: now(),
      validForMs: 600 * 60_000,
    }));
  return {
    now,
    pass: (minutes) => void (shift += minutes * 60_000),
    async say(healths) {
      for (const [service, health] of Object.entries(healths))
        if (said.get(service)?.health !== health) said.set(service, { health, since: now() });
      await new Promise<void>((tell) => waiting.push({ at: polls + 2, tell }));
    },
    module: {
      type: 'puppet',
      title: 'Puppet',
      fields: [],
      config: z.strictObject({}),
      timing: () => ({ intervalMs, timeoutMs: 1000 }),
      create: () => ({
        poll: async () => {
          polls++;
          for (const { at, tell } of waiting) if (polls >= at) tell();
          waiting = waiting.filter(({ at }) => polls < at);
          return { observations: observations(), message: 'Spoken.' };
        },
        test: async () => ({ ok: true, message: 'Speaks.', ms: 0, seen: [] }),
        close: () => {},
      }),
    },
  };
}
