import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankCauses, type Observed } from '../../shared/domain/cause/rank.ts';
import { seeded } from '../support/estate-graph.ts';
import { HARSH, inventedEstate, inventFault } from '../support/faults.ts';
import { shuffled } from '../support/history.ts';

const fault = (seed: number): Observed => inventFault(inventedEstate(60, 130, seed), seeded(seed), HARSH).observed;
const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('the ranking of causes', () => {
  it('does not depend on the order in which anything is given', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const observed = fault(seed);
        const random = seeded(seed + 1);
        const mixed: Observed = {
          ...observed,
          services: shuffled(observed.services, random),
          dependencies: shuffled(observed.dependencies, random),
          businessServices: shuffled(observed.businessServices, random),
          changes: shuffled(observed.changes, random),
        };
        expect(rankCauses(mixed, 20)).toEqual(rankCauses(observed, 20));
      }),
      { numRuns: 60 },
    );
  });

  it('does not change by a healthy service that has nothing to do with it', () => {
    fc.assert(
      fc.property(seeds, fc.string({ minLength: 1, maxLength: 12 }), (seed, name) => {
        const observed = fault(seed);
        const more: Observed = {
          ...observed,
          services: [{ id: `+${name}`, health: 'healthy', onset: null, heard: true }, ...observed.services],
        };
        expect(rankCauses(more, 20)).toEqual(rankCauses(observed, 20));
      }),
      { numRuns: 60 },
    );
  });

  it('gives every point of a score a reason, and paths that follow dependencies', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const observed = fault(seed);
        const linked = new Set(observed.dependencies.flatMap(({ from, to }) => [`${from} ${to}`, `${to} ${from}`]));
        for (const { service, score, reasons, explains, share } of rankCauses(observed, 20)) {
          expect(score).toBeCloseTo(
            reasons.reduce((sum, { points }) => sum + points, 0),
            5,
          );
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          for (const { path } of explains) {
            expect(path[0]).toBe(service);
            expect(new Set(path).size).toBe(path.length);
            for (let at = 1; at < path.length; at++) expect(linked).toContain(`${path[at - 1]} ${path[at]}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
