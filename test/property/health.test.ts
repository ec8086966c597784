import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HYSTERESIS,
  judge,
  settle,
  settlesAt,
  type Evidence,
  type Judgement,
  type Settled,
} from '../../shared/domain/health.ts';
import { RollUp, type Reported } from '../../shared/domain/roll-up.ts';
import type { Health } from '../../shared/domain/words.ts';

const health = fc.constantFrom<Health>('healthy', 'early-warning', 'degraded', 'failing', 'unknown');
const known = fc.constantFrom<Health>('healthy', 'early-warning', 'degraded', 'failing');
const rank = (one: Health) => ['healthy', 'early-warning', 'unknown', 'degraded', 'failing'].indexOf(one);

const signal = fc.record<Evidence>({
  source: fc.constantFrom('a', 'b'),
  title: fc.constant('t'),
  text: fc.constant(''),
  health: fc.option(health),
  since: fc.integer({ min: 0, max: 1000 }),
  observedAt: fc.integer({ min: 0, max: 1000 }),
  validForMs: fc.integer({ min: 0, max: 500 }),
  muted: fc.boolean(),
  weak: fc.boolean(),
  last: fc.option(known),
});

describe('a judgement', () => {
  it('is never healthy without a fresh signal that says so, never better than the worst fresh one, and does not depend on order', () => {
    fc.assert(
      fc.property(
        fc.array(signal, { maxLength: 8 }),
        fc.integer({ min: 1000, max: 1600 }),
        fc.integer(),
        (signals, now, seed) => {
          const judged = judge(signals, now);
          const fresh = signals.filter(
            (one) => !one.muted && one.health !== null && now - one.observedAt <= one.validForMs,
          );
          if (judged.health === 'healthy') expect(fresh.some((one) => one.health === 'healthy')).toBe(true);
          const worst = fresh
            .filter((one) => one.health !== 'unknown')
            .reduce((most, one) => Math.max(most, rank(one.health!)), -1);
          if (worst > 0) expect(rank(judged.health)).toBe(worst);
          expect(
            judge(
              [...signals].sort((a, b) => ((a.since * 31 + seed) % 7) - ((b.since * 31 + seed) % 7)),
              now,
            ).health,
          ).toBe(judged.health);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('changes by time alone no earlier than it says', () => {
    fc.assert(
      fc.property(
        fc.array(signal, { maxLength: 8 }),
        fc.integer({ min: 1000, max: 1500 }),
        fc.integer({ min: 0, max: 600 }),
        (signals, now, later) => {
          const judged = judge(signals, now);
          const at = Math.min(now + later, (judged.validUntil ?? Infinity) - 1);
          expect(at < now || judge(signals, at).health === judged.health).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

interface Step {
  after: number;
  health: Health;
  silent: boolean;
}

const steps = fc.array(
  fc.record<Step>({ after: fc.integer({ min: 500, max: 40_000 }), health, silent: fc.boolean() }),
  { minLength: 1, maxLength: 60 },
);

function play(sequence: readonly Step[]): { now: number; raw: Judgement; shown: Settled; before: Settled | null }[] {
  let shown: Settled | null = null;
  let now = 1_000_000_000;
  let since = now;
  let last: Health | null = null;
  return sequence.map(({ after, health: one, silent }) => {
    now += after;
    if (last !== one) since = now;
    last = one;
    const raw: Judgement = {
      health: one,
      since,
      source: 's',
      observedAt: now,
      reason: '',
      last: null,
      silent: silent && one === 'unknown',
      validUntil: null,
    };
    const before = shown;
    shown = settle(before, raw, now);
    return { now, raw, shown, before };
  });
}

describe('what is shown', () => {
  it('is failing as soon as it fails and unknown as soon as nobody is heard', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        for (const { raw, shown } of play(sequence)) {
          const at = raw.health === 'failing' || (raw.health === 'unknown' && raw.silent);
          expect(at ? shown.health : raw.health).toBe(raw.health);
        }
      }),
    );
  });

  it('never gets better before it has been better for long enough, and never skips to better than anything seen meanwhile', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const played = play(sequence);
        played.forEach(({ now, shown, before }, index) => {
          if (
            !before ||
            before.health === 'unknown' ||
            shown.health === 'unknown' ||
            rank(shown.health) >= rank(before.health)
          )
            return;
          const during = played
            .slice(0, index + 1)
            .filter((one) => one.now > now - HYSTERESIS.improveMs && one.before !== null);
          for (const one of during) {
            expect(rank(one.raw.health)).toBeLessThan(rank(before.health));
            expect(rank(one.raw.health)).toBeLessThanOrEqual(rank(shown.health));
          }
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('is what the signals say once they have said the same for long enough', () => {
    fc.assert(
      fc.property(steps, health, (sequence, final) => {
        let { shown, now } = play(sequence).at(-1)!;
        const raw = (at: number): Judgement => ({
          health: final,
          since: now,
          source: 's',
          observedAt: at,
          reason: '',
          last: null,
          silent: false,
          validUntil: null,
        });
        const from = now;
        for (let round = 0; round < 4; round++) {
          const due: number | null = settlesAt(shown);
          now = Math.max(now + 1, due ?? now);
          shown = settle(shown, raw(now), now);
        }
        expect(shown.health).toBe(final);
        expect(shown.pending).toBeNull();
        expect(now - from).toBeLessThanOrEqual(2 * HYSTERESIS.maxImproveMs + HYSTERESIS.worsenMs);
      }),
    );
  });

  it('changes seldom, however fast the signals flap', () => {
    const flap = Array.from({ length: 720 }, (_, index): Step => ({
      after: 5000,
      health: index % 8 < 4 ? 'failing' : 'healthy',
      silent: false,
    }));
    const shown = play(flap).map((one) => one.shown.health);
    expect(shown.filter((one, index) => index > 0 && one !== shown[index - 1]).length).toBe(0);
    const slow = flap.map((step, index): Step => ({ ...step, health: index % 48 < 24 ? 'failing' : 'healthy' }));
    const changes = play(slow)
      .map((one) => one.shown.health)
      .filter((one, index, all) => index > 0 && one !== all[index - 1]);
    // An hour of two minutes each: after the first relapses it stays failing.
    expect(changes.length).toBeLessThanOrEqual(4);
  });
});

const reportedHealth = fc.constantFrom<Reported>(
  'healthy',
  'early-warning',
  'degraded',
  'failing',
  'unknown',
  'unwatched',
);
const index = fc.integer({ min: 0, max: 14 });
const graph = fc.record({
  edges: fc.array(fc.record({ from: index, to: index, strength: fc.constantFrom('hard' as const, 'soft' as const) }), {
    maxLength: 40,
  }),
  entries: fc.array(fc.array(index, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  changes: fc.array(fc.tuple(index, reportedHealth), { maxLength: 40 }),
});

describe('the roll-up', () => {
  it('after single changes is the roll-up from nothing, and tells of every business service that may have changed', () => {
    fc.assert(
      fc.property(graph, ({ edges, entries, changes }) => {
        const services = Array.from({ length: 15 }, (_, n) => `s${n}`);
        const structure = {
          services,
          dependencies: edges.map(({ from, to, strength }) => ({ from: `s${from}`, to: `s${to}`, strength })),
          businessServices: entries.map((from, n) => ({ id: `b${n}`, services: from.map((each) => `s${each}`) })),
        };
        const reported = new Map<string, Reported>(services.map((id) => [id, 'healthy']));
        const rolling = new RollUp(structure, (id) => reported.get(id)!);
        for (const [at, now] of changes) {
          const before = structure.businessServices.map(({ id }) => JSON.stringify(rolling.of(id)));
          reported.set(`s${at}`, now);
          const told = rolling.set(`s${at}`, now);
          const anew = new RollUp(structure, (id) => reported.get(id)!);
          structure.businessServices.forEach(({ id }, n) => {
            expect(rolling.of(id)).toEqual(anew.of(id));
            expect(rolling.hurtBy(id)).toEqual(anew.hurtBy(id));
            if (JSON.stringify(rolling.of(id)) !== before[n]) expect(told).toContain(id);
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});
