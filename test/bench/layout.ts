/**
 * The layout of the map against elkjs' layered and dagre, on the same graphs, each in a process of its own and warmed by the same
 * small graph. At 200 services elkjs draws as well as it can, at 5,000 as fast as it can (least thorough, simple placement, polylines).
 * Crossings are counted on the lines as drawn, every dependency from end to end.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { own } from '../../electron/setup/processes.ts';
import type { LaidOut, Program } from './opponents/layout/child.ts';
import { installOpponents, opponentVersions } from './support/opponents.ts';
import { type Figure, atLeast, atMost, bench, median, progress, told } from './support/report.ts';

const CHILD = fileURLToPath(new URL('opponents/layout/child.ts', import.meta.url));
/** Nobody may take longer, ms; what does is killed and counted as this long. */
const CAP = 60_000;
const OPPONENTS: readonly Program[] = ['elk-fastest', 'dagre'];
const SIZES = [200, 1000, 5000] as const;

await bench('layout', 5, async (runs) => {
  await installOpponents();
  const figures: Figure[] = [];
  const best = await layOut('elk', 200);
  for (const services of SIZES) {
    const times: number[] = [];
    const firstTimes: number[] = [];
    const theirs = new Map<Program, LaidOut | null>();
    let ours: LaidOut | null = null;
    for (let run = 0; run < runs; run++) {
      ours = await layOut('holdfast', services);
      times.push(ours?.ms ?? CAP);
      firstTimes.push(ours?.firstMs ?? CAP);
      const opponent = OPPONENTS[run];
      if (opponent !== undefined) theirs.set(opponent, await layOut(opponent, services));
    }
    for (const opponent of OPPONENTS) if (!theirs.has(opponent)) theirs.set(opponent, await layOut(opponent, services));
    if (ours === null) throw new Error(`the layout of ${services} services took longer than ${CAP / 1000} s`);
    const ms = median(times);
    const elk = theirs.get('elk-fastest');
    const elkMs = elk?.ms ?? CAP;
    const dagreMs = theirs.get('dagre')?.ms ?? CAP;
    if (services === 5000) figures.unshift(atLeast('speedup_vs_elkjs_5000', elkMs / ms, '×', 100));
    if (services === 200) {
      if (best === null) throw new Error('elkjs did not lay 200 services out within the cap');
      const [crossings, theirCrossings] = [ours.quality.crossings!, best.quality.crossings!];
      figures.push(
        atMost('crossings_ratio_200', crossings / theirCrossings, '×', 1.3),
        told('crossings_200', crossings, 'crossings'),
        told('elkjs_crossings_200', theirCrossings, 'crossings'),
        told('length_ratio_200', ours.quality.length / best.quality.length, '×'),
      );
    }
    figures.push(
      told(`ms_${services}`, ms, 'ms'),
      told(`first_ms_${services}`, median(firstTimes), 'ms'),
      told(`elkjs_ms_${services}`, elkMs, 'ms'),
      told(`dagre_ms_${services}`, dagreMs, 'ms'),
      told(`speedup_vs_dagre_${services}`, dagreMs / ms, '×'),
    );
    if (elk) {
      figures.push(told(`length_ratio_fastest_${services}`, ours.quality.length / elk.quality.length, '×'));
      if (ours.quality.crossings !== null && elk.quality.crossings !== null)
        figures.push(told(`crossings_ratio_fastest_${services}`, ours.quality.crossings / elk.quality.crossings, '×'));
    }
  }
  return { figures, runs, on: opponentVersions(['elkjs', '@dagrejs/dagre']) };
});

/** Null when it had to be killed. */
async function layOut(program: Program, services: number): Promise<LaidOut | null> {
  const child = own(
    // Recursion in the opponents goes as deep as the graph.
    spawn(process.execPath, ['--stack-size=3900', CHILD, program, String(services)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const ended = once(child, 'exit');
  let timer = setTimeout(() => child.kill('SIGKILL'), CAP);
  let laid: LaidOut | null = null;
  for await (const line of createInterface({ input: child.stdout! })) {
    clearTimeout(timer);
    if (line === 'laid') continue;
    if (line === 'ready') timer = setTimeout(() => child.kill('SIGKILL'), CAP);
    else laid = JSON.parse(line) as LaidOut;
  }
  const [code, signal] = (await ended) as [number | null, string | null];
  clearTimeout(timer);
  if (laid === null && signal !== 'SIGKILL') throw new Error(`${program} failed on ${services} services (${code})`);
  progress(`${services} ${program}: ${laid === null ? `over ${CAP / 1000} s, stopped` : `${laid.ms.toFixed(0)} ms`}`);
  return laid;
}
