/**
 * How often the true cause of a generated fault is first, and in the first three: on the demonstration, on invented
 * estates of 120, 400 and 1,500 services, and a few of 5,000. The generator and its noise are `test/support/faults.ts`.
 *
 * The constants of the ranking were chosen on the seeds 1 to 3 (`HOLDFAST_CAUSE_SEED`); what is printed without that is
 * of a seed that was never looked at fault by fault. Beside it stand two simple rankings of the same faults, the same
 * faults under twice the noise, what is left to nobody (faults where a caller broke what it calls), and two true faults at once: how
 * often one of them is first, both are among the first five, and both are told to be faults of their own.
 */
import { rankCauses } from '../../shared/domain/cause/rank.ts';
import { seeded } from '../support/estate-graph.ts';
import {
  deepestSick,
  demonstrationEstate,
  earliestOnset,
  HARSH,
  inventedEstate,
  inventFault,
  inventTwoFaults,
  TYPICAL,
  type Fault,
  type FaultEstate,
  type Noise,
} from '../support/faults.ts';
import { atLeast, bench, progress, quantile, told } from './support/report.ts';

const SEED = Number(process.env['HOLDFAST_CAUSE_SEED'] ?? 20_261_122);

/** Places for faults, with their part of the runs. */
const PLACES: [name: string, part: number, make: (seed: number) => FaultEstate][] = [
  ['demonstration', 0.35, demonstrationEstate],
  ['120 services', 0.25, (seed) => inventedEstate(120, 260, seed)],
  ['400 services', 0.25, (seed) => inventedEstate(400, 1000, seed)],
  ['1500 services', 0.125, (seed) => inventedEstate(1500, 4500, seed)],
  ['5000 services', 0.025, (seed) => inventedEstate(5000, 15_000, seed)],
];

interface Outcome {
  fault: Fault;
  place: string;
  /** Place of the true cause, from 0; -1 when it is not there. */
  ranked: number;
  earliest: number;
  deepest: number;
  ms: number;
  /** Points before the second candidate. */
  lead: number;
}

function run(runs: number, noise: Noise): Outcome[] {
  const outcomes: Outcome[] = [];
  PLACES.forEach(([place, part, make], index) => {
    const count = Math.max(1, Math.round(runs * part));
    let estate = make(SEED);
    for (let at = 0; at < count; at++) {
      // A new estate for every second fault of the small ones, so that no graph decides the outcome.
      if (index > 0 && at > 0 && at % 2 === 0) estate = make(SEED * 1000 + at);
      const fault = inventFault(estate, seeded(SEED * 7919 + index * 100_003 + at * 31), noise);
      const began = performance.now();
      const ranking = rankCauses(fault.observed, 10);
      outcomes.push({
        fault,
        place,
        ms: performance.now() - began,
        ranked: ranking.findIndex(({ service }) => service === fault.cause),
        earliest: earliestOnset(fault.observed).indexOf(fault.cause),
        deepest: deepestSick(fault.observed).indexOf(fault.cause),
        lead: (ranking[0]?.score ?? 0) - (ranking[1]?.score ?? 0),
      });
    }
  });
  return outcomes;
}

interface Pair {
  first: boolean;
  bothInFive: boolean;
  apart: boolean;
}

/** Two true faults at once, half as many as single ones and none on the largest estates. */
function runPairs(runs: number): Pair[] {
  const pairs: Pair[] = [];
  PLACES.slice(0, -1).forEach(([, part, make], index) => {
    let estate = make(SEED);
    for (let at = 0; at < Math.max(1, Math.round((runs * part) / 2)); at++) {
      if (index > 0 && at > 0 && at % 2 === 0) estate = make(SEED * 1000 + at);
      const fault = inventTwoFaults(estate, seeded(SEED * 104_729 + index * 100_003 + at * 31));
      if (fault === null) continue;
      const ranking = rankCauses(fault.observed, 10);
      const [one, two] = fault.causes.map((cause) => ranking.findIndex(({ service }) => service === cause)) as [
        number,
        number,
      ];
      const both = one >= 0 && two >= 0;
      pairs.push({
        first: one === 0 || two === 0,
        bothInFive: both && one < 5 && two < 5,
        apart: both && ranking[one]!.fault !== ranking[two]!.fault,
      });
    }
  });
  return pairs;
}

const share = (all: readonly Pair[], of: keyof Pair): number => all.filter((one) => one[of]).length / all.length;

const within = (places: readonly number[], first: number): number =>
  places.filter((at) => at >= 0 && at < first).length / places.length;

await bench('cause', 400, (runs) => {
  const typical = run(runs, TYPICAL);
  const harsh = run(runs, HARSH);
  const pairs = runPairs(runs);
  const ranked = typical.map((one) => one.ranked);
  const split = (title: string, some: readonly Outcome[]): string =>
    `${title}: ${some.length} faults, first ${(
      100 *
      within(
        some.map((one) => one.ranked),
        1,
      )
    ).toFixed(1)} %, in three ${(
      100 *
      within(
        some.map((one) => one.ranked),
        3,
      )
    ).toFixed(1)} %`;
  for (const [place] of PLACES)
    progress(
      split(
        place,
        typical.filter((one) => one.place === place),
      ),
    );
  const health = ({ fault }: Outcome) => fault.observed.services.find(({ id }) => id === fault.cause)!;
  for (const word of ['failing', 'degraded', 'early-warning', 'unknown', 'healthy'])
    progress(
      split(
        `the cause is seen as ${word}`,
        typical.filter((one) => health(one).health === word),
      ),
    );
  const big = typical.filter((one) => one.place === '5000 services').map(({ ms }) => ms);
  const clear = typical.filter(({ lead }) => lead >= 10);
  const overloads = typical.filter(({ fault }) => fault.overload);
  const rest = typical.filter(({ fault }) => !fault.overload);
  return Promise.resolve({
    figures: [
      atLeast('top1', within(ranked, 1), '', 0.8),
      atLeast('top3', within(ranked, 3), '', 0.95),
      told(
        'top1_earliest_onset',
        within(
          typical.map((one) => one.earliest),
          1,
        ),
        '',
      ),
      told(
        'top3_earliest_onset',
        within(
          typical.map((one) => one.earliest),
          3,
        ),
        '',
      ),
      told(
        'top1_deepest_sick',
        within(
          typical.map((one) => one.deepest),
          1,
        ),
        '',
      ),
      told(
        'top3_deepest_sick',
        within(
          typical.map((one) => one.deepest),
          3,
        ),
        '',
      ),
      told(
        'top1_of_overloads',
        within(
          overloads.map((one) => one.ranked),
          1,
        ),
        '',
      ),
      told(
        'top3_of_overloads',
        within(
          overloads.map((one) => one.ranked),
          3,
        ),
        '',
      ),
      told(
        'top1_of_the_rest',
        within(
          rest.map((one) => one.ranked),
          1,
        ),
        '',
      ),
      told(
        'top1_when_clear',
        within(
          clear.map((one) => one.ranked),
          1,
        ),
        '',
      ),
      told('clear_share', clear.length / typical.length, ''),
      told(
        'top1_twice_the_noise',
        within(
          harsh.map((one) => one.ranked),
          1,
        ),
        '',
      ),
      told(
        'top3_twice_the_noise',
        within(
          harsh.map((one) => one.ranked),
          3,
        ),
        '',
      ),
      told('pairs', pairs.length, 'pairs of faults'),
      told('pairs_one_first', share(pairs, 'first'), ''),
      told('pairs_both_in_five', share(pairs, 'bothInFive'), ''),
      told('pairs_told_apart', share(pairs, 'apart'), ''),
      told('p50_ms_5000', quantile(big, 0.5), 'ms'),
      told('max_ms_5000', Math.max(...big), 'ms'),
    ],
    runs: typical.length,
    on: { seed: String(SEED) },
  });
});
