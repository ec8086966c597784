/**
 * How quick an estate of 5,000 services and 15,000 dependencies (and 40 business services over it) answers: the blast radii of all services at once, and the
 * roll-up to every business service after one service's health changed. A change is what the console does with one: the new word,
 * and the roll-up of every business service that it reaches read again.
 */
import { allBlastRadii, blastRadius } from '../../shared/domain/graph/blast.ts';
import { ServiceGraph } from '../../shared/domain/graph/graph.ts';
import { RollUp } from '../../shared/domain/roll-up.ts';
import { Health } from '../../shared/domain/words.ts';
import { inventEstate, seeded } from '../support/estate-graph.ts';
import { atMost, bench, median, quantile, told } from './support/report.ts';

const SERVICES = 5000;
const DEPENDENCIES = 15_000;
const BUSINESS_SERVICES = 40;
const CHANGES = 2000;

await bench('graph', 5, async (runs) => {
  const allMs: number[] = [];
  const oneMs: number[] = [];
  const changeMs: number[] = [];
  let reached = 0;
  let farthest = 0;
  for (let run = 0; run < runs; run++) {
    const random = seeded(7 + run);
    const estate = inventEstate(SERVICES, DEPENDENCIES, 42 + run);
    const services = estate.services.map(({ id }) => id);
    const pick = () => services[Math.floor(random() * services.length)]!;

    const began = performance.now();
    const graph = new ServiceGraph({ services, dependencies: estate.dependencies });
    const all = allBlastRadii(graph);
    allMs.push(performance.now() - began);
    reached += all.any.reduce((sum, each) => sum + each, 0) / services.length / runs;
    farthest = Math.max(farthest, ...all.any);

    for (let i = 0; i < 200; i++) {
      const from = performance.now();
      blastRadius(graph, [graph.indexOf(pick())]);
      oneMs.push(performance.now() - from);
    }

    const channels = estate.services.filter(({ kind }) => kind === 'channel' || kind === 'edge').map(({ id }) => id);
    const businessServices = Array.from({ length: BUSINESS_SERVICES }, (_, i) => ({
      id: `business-${i}`,
      services: Array.from({ length: 8 }, () => channels[Math.floor(random() * channels.length)]!),
    }));
    const rollUp = new RollUp({ services, dependencies: estate.dependencies, businessServices }, () => 'healthy');
    for (let i = 0; i < CHANGES; i++) {
      const service = pick();
      const health = Health.options[Math.floor(random() * Health.options.length)]!;
      const from = performance.now();
      for (const business of rollUp.set(service, health)) rollUp.of(business);
      changeMs.push(performance.now() - from);
    }
  }
  return {
    figures: [
      atMost('change_p99_ms', quantile(changeMs, 0.99), 'ms', 5),
      atMost('all_blast_ms', median(allMs), 'ms', 1000),
      told('change_p50_ms', median(changeMs), 'ms'),
      told('one_blast_p99_ms', quantile(oneMs, 0.99), 'ms'),
      told('reached_mean', reached, 'services'),
      told('reached_most', farthest, 'services'),
    ],
    runs,
  };
});
