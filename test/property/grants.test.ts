/** Emergency grants as the log tells them, in whatever order and from however many consoles their ops come. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldGrant, isReviewed, stateOf, usedTwice } from '../../shared/domain/access/grants.ts';
import { opId } from '../../electron/engine/store/log.ts';
import { project } from '../../shared/ops/project.ts';
import { emptyState, merge, type EntityState } from '../../shared/ops/registers.ts';
import { reduce } from '../../shared/ops/reduce.ts';
import type { Op } from '../../shared/ops/op.ts';
import type { OpType, Payload } from '../../shared/ops/types.ts';
import { seeded, shuffled } from '../support/history.ts';

const START = 1_780_000_000_000;
let count = 0;

function op<T extends OpType>(type: T, payload: Payload<T>, at: number, actor: string, console = 'consolea0'): Op {
  const body = {
    ...{ console, seq: ++count, actor, eventTime: at, zone: 'UTC', scope: 'i1', type },
    hlc: `${at.toString(16).padStart(12, '0')}${(count % 65536).toString(16).padStart(4, '0')}-${console}`,
    payload: payload as Op['payload'],
  };
  return { id: opId(body), ...body };
}

/** The grants that these ops make, by id, as a projection has them. */
function grantsFrom(ops: readonly Op[]) {
  const states = new Map<string, EntityState>();
  for (const one of ops) {
    const reduced = reduce(one);
    if (reduced.outcome !== 'effects') throw new Error(JSON.stringify(reduced));
    for (const effect of reduced.effects) {
      if (effect.do === 'entry') continue;
      const state = states.get(effect.entity.id) ?? emptyState();
      states.set(effect.entity.id, state);
      merge(state, effect, one);
    }
  }
  return [...states]
    .map(([id, state]) => foldGrant({ id, scope: 'i1', doc: project(state) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const opened = (grant: string, holder: string, codes: string[], at: number, console: string) =>
  op(
    'breakglass.open',
    {
      ...{ grant, holder, way: 'code', reason: 'r', capabilities: ['command'], incidents: ['i1'] },
      ...{ expiresAt: at + 3_600_000, codes, witness: null },
    },
    at,
    holder,
    console,
  );

describe('a sealed code', () => {
  it('that several consoles used is found with all its uses, the earliest first, in whatever order they arrive', () => {
    const uses = fc.array(fc.record({ code: fc.integer({ min: 0, max: 4 }), minute: fc.nat(500) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(uses, fc.nat(), (list, seed) => {
        const ops = list.map(({ code, minute }, index) =>
          opened(`b${index}`, `p${index}`, [`c${code}`], START + minute * 60_000, `console${'abcdefghijkl'[index]}0`),
        );
        const twice = usedTwice(grantsFrom(shuffled(ops, seeded(seed))));
        const wanted = Map.groupBy(list.entries(), ([, { code }]) => `c${code}`);
        for (const [code, entries] of wanted) {
          const found = twice.get(code);
          if (entries.length < 2) expect(found).toBeUndefined();
          else {
            expect(found!.map(({ id }) => id).sort()).toEqual(entries.map(([index]) => `b${index}`).sort());
            const times = found!.map((one) => one.opened!.at);
            expect(times).toEqual(times.toSorted((a, b) => a - b));
          }
        }
      }),
    );
  });
});

describe('a grant', () => {
  it('once ended or expired is never in force again, whichever of its ops came first or twice', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.nat(120), fc.nat(240), fc.nat(), (endMinute, reviewMinute, lookMinute, seed) => {
        const ops = [
          opened('b1', 'raj', ['c1'], START, 'consolea0'),
          op('breakglass.end', { grant: 'b1' }, START + endMinute * 60_000, 'system'),
          op('breakglass.end', { grant: 'b1', reason: 'again' }, START + (endMinute + 9) * 60_000, 'li', 'consoleb0'),
          op('breakglass.review', { grant: 'b1', verdict: 'proper', text: 't' }, START + reviewMinute * 60_000, 'raj'),
        ];
        const random = seeded(seed);
        const [grant] = grantsFrom(shuffled([...ops, ...ops], random));
        expect(grant).toEqual(grantsFrom(ops)[0]);
        expect(stateOf(grant!, START + lookMinute * 60_000, 0)).toBe('ended');
        expect(grant!.ended!.at).toBe(START + endMinute * 60_000);
        // Its holder's own word is no review.
        expect(isReviewed(grant!)).toBe(false);
      }),
    );
  });

  it('that was refused once is not opened by an approval, whichever came first', () => {
    const asked = { grant: 'b1', holder: 'raj', reason: 'r', capabilities: ['command'], incidents: [], minutes: 30 };
    const ops = [
      op('breakglass.request', asked, START, 'raj'),
      op('breakglass.answer', { grant: 'b1', answer: 'approved' }, START + 1000, 'ana', 'consoleb0'),
      op('breakglass.answer', { grant: 'b1', answer: 'refused' }, START + 2000, 'li', 'consolec0'),
    ];
    for (let seed = 0; seed < 6; seed++)
      expect(stateOf(grantsFrom(shuffled(ops, seeded(seed)))[0]!, START + 3000, 1e6)).toBe('refused');
  });
});
