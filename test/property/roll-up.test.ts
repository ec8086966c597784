/** The board after any story of signals, words by hand and announced work, against one that hears of its end only. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SignalBoard, type BoardEstate } from '../../electron/engine/sources/board.ts';
import type { Observation } from '../../electron/engine/sources/source.ts';
import { stands, type ByHand, type Window } from '../../shared/domain/by-hand.ts';
import { RollUp } from '../../shared/domain/roll-up.ts';
import type { Health } from '../../shared/domain/words.ts';
import { ManualClock } from '../support/manual-clock.ts';

const SERVICES = ['a', 'b', 'c', 'd', 'e'];
const BUSINESS = ['x', 'y'];
const MINUTE = 60_000;

const health = fc.constantFrom<Health>('healthy', 'early-warning', 'degraded', 'failing', 'unknown');
const service = fc.constantFrom(...SERVICES);
const step = fc.oneof(
  fc.record({ do: fc.constant('signal' as const), service, health }),
  fc.record({ do: fc.constant('word' as const), service, health, minutes: fc.integer({ min: 1, max: 8 }) }),
  fc.record({
    do: fc.constant('business' as const),
    business: fc.constantFrom(...BUSINESS),
    health,
    minutes: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({ do: fc.constant('withdraw' as const), service }),
  fc.record({
    do: fc.constant('window' as const),
    services: fc.uniqueArray(service, { minLength: 1 }),
    from: fc.integer({ min: -2, max: 4 }),
    length: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
);

const estates = fc.record({
  edges: fc.array(
    fc.record({ from: service, to: service, strength: fc.constantFrom('hard' as const, 'soft' as const) }),
    { maxLength: 12 },
  ),
  entries: fc.tuple(fc.uniqueArray(service), fc.uniqueArray(service)),
});

function board(clock: ManualClock, estate: BoardEstate): SignalBoard {
  const made = new SignalBoard({
    clock,
    titleOf: (id) => id,
    local: null,
    onHealth: () => {},
    onChange: () => {},
    // What is shown is what was said last, so that two boards can be compared without their past.
    policy: { worsenMs: 0, improveMs: 0, relapseMs: 0, maxImproveMs: 0 },
  });
  made.setEstate(estate);
  return made;
}

it('rolls up, change by change, to what it would roll up to from nothing, with words by hand and announced work', async () => {
  await fc.assert(
    fc.asyncProperty(estates, fc.array(step, { maxLength: 25 }), async ({ edges, entries }, steps) => {
      const clock = new ManualClock();
      const estate: BoardEstate = {
        services: SERVICES,
        dependencies: edges,
        businessServices: BUSINESS.map((id, i) => ({ id, services: entries[i]! })),
        watched: () => true,
        nameOf: (id) => id,
      };
      const live = board(clock, estate);
      const said = new Map<string, Health>();
      const words = new Map<string, ByHand>();
      const windows: Window[] = [];
      const observations = (): Observation[] =>
        [...said].map(([id, what]) => ({
          ...{ key: id, subject: { service: id }, kind: 'metric', title: 't', text: '', value: null, unit: '' },
          ...{ health: what, tier: null, since: null, observedAt: clock.now(), validForMs: 1e9 },
        }));
      for (const one of steps) {
        const now = clock.now();
        const word = (minutes: number, what: Health): ByHand => ({
          health: what,
          reason: 'r',
          until: now + minutes * MINUTE,
          by: 'ana',
          at: now,
        });
        if (one.do === 'signal') {
          said.set(one.service, one.health);
          live.apply('s', observations());
        } else if (one.do === 'word') {
          words.set(`service:${one.service}`, word(one.minutes, one.health));
          live.setByHand('service', one.service, word(one.minutes, one.health));
        } else if (one.do === 'business') {
          words.set(`business-service:${one.business}`, word(one.minutes, one.health));
          live.setByHand('business-service', one.business, word(one.minutes, one.health));
        } else if (one.do === 'withdraw') {
          words.delete(`service:${one.service}`);
          live.setByHand('service', one.service, null);
        } else if (one.do === 'window') {
          const from = now + one.from * MINUTE;
          const window: Window = {
            ...{ id: `w${windows.length}`, title: 't', services: one.services, reason: null, by: 'ana', endedAt: null },
            ...{ from, to: from + one.length * MINUTE },
          };
          windows.push(window);
          live.setWindow(window.id, window);
        } else {
          await clock.pass(one.seconds * 1000);
          live.tick();
        }
      }
      const fresh = board(clock, estate);
      fresh.apply('s', observations());
      for (const [key, word] of words) {
        const [kind, id] = key.split(':') as ['service' | 'business-service', string];
        fresh.setByHand(kind, id, word);
      }
      for (const window of windows) fresh.setWindow(window.id, window);
      live.tick();

      const now = clock.now();
      const reported = (id: string): Health => {
        const word = words.get(`service:${id}`);
        return word && stands(word, now) ? word.health : live.serviceHealth(id).health;
      };
      const naive = new RollUp(estate, reported);
      for (const id of SERVICES) {
        const { health: shown, byHand, maintenance } = live.serviceHealth(id);
        const other = fresh.serviceHealth(id);
        expect([id, shown, byHand !== undefined, maintenance]).toEqual([
          id,
          other.health,
          other.byHand !== undefined,
          other.maintenance,
        ]);
      }
      for (const id of BUSINESS) {
        const word = words.get(`business-service:${id}`);
        const expected = word && stands(word, now) ? word.health : naive.of(id)!.health;
        expect(live.businessHealth(id).health.health).toBe(expected);
        expect(fresh.businessHealth(id).health.health).toBe(expected);
        expect(live.businessHealth(id).hurtBy).toEqual(naive.hurtBy(id));
      }
    }),
    { numRuns: 400 },
  );
});
