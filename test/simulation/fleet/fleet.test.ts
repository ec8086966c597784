/**
 * A fleet at one hub through an hour of outages. `npm run test:simulation -- fleet --consoles 2000 [--seed S]` plays a large
 * one and prints its figures; a failure prints its seed.
 */
import { describe, expect, it } from 'vitest';
import { Fleet, type Report } from './fleet.ts';

const CONSOLES = Number(process.env['HOLDFAST_CONSOLES'] ?? 200);
const SEED = Number(process.env['HOLDFAST_SEED'] ?? 1);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const size = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function told({ consoles, whole, merging, ops, conflicts, converged, lag, worstNews, hub }: Report): string {
  return [
    `${consoles} consoles (${whole} whole, ${merging} merging), ${ops} ops in an hour, ${conflicts} conflicts that people settled.`,
    ...converged.map(
      ({ after, away, ms, messagesOut, bytesOut }) =>
        `after ${after}: ${away} consoles at one with all others in ${seconds(ms)}; ${size(bytesOut)} in ${messagesOut} deliveries`,
    ),
    `lag while connected: p50 ${lag.p50} ms, p99 ${lag.p99} ms, worst ${seconds(lag.worst)}; oldest news ${seconds(worstNews)}`,
    `the hub stored ${hub.stored} messages, ${size(hub.storedBytes)}, refused ${hub.duplicates} twice-sent; delivered ${size(hub.deliveredBytes)} in ${hub.deliveries} deliveries`,
    `${hub.reconnections} connections, at most ${hub.mostReconnectionsPerSecond} in a second; at most ${size(hub.mostBytesPerSecond)} in a second`,
    `besides ops: ${Math.round(hub.probes)} probes, ${Math.round(hub.greetingsIn)} greetings heard ${Math.round(hub.greetingsOut)} times, ${size(hub.otherBytes)}`,
  ].join('\n');
}

describe('a fleet that loses its hub, its regions and its headquarters', () => {
  it(`is one again, all ${CONSOLES} consoles of it`, { timeout: 3_600_000 }, () => {
    const fleet = new Fleet(SEED, CONSOLES);
    let report: Report;
    const began = process.cpuUsage();
    try {
      report = fleet.play();
    } finally {
      fleet.close();
    }
    const { user, system } = process.cpuUsage(began);
    process.stdout.write(
      `Seed ${SEED}: ${told(report)}\n${seconds((user + system) / 1000)} of processor time, ${size(process.memoryUsage.rss())} of memory\n`,
    );
    expect(
      report.wrong,
      `Play it again: npm run test:simulation -- fleet --consoles ${CONSOLES} --seed ${SEED}`,
    ).toEqual([]);
    expect(report.converged.map(({ after }) => after)).toHaveLength(4);
    // A model in which nobody ever disagrees, and no line breaks, would show nothing.
    expect(report.conflicts).toBeGreaterThan(0);
    expect(report.hub.reconnections).toBeGreaterThan(CONSOLES * 2);
  });

  it('plays the same hour again from the same seed', () => {
    const [one, other] = [1, 2].map(() => {
      const fleet = new Fleet(SEED + 1, 60);
      const report = fleet.play();
      fleet.close();
      return report;
    });
    expect(one!.wrong).toEqual([]);
    expect({ ...one, hub: { ...one!.hub } }).toEqual(other);
  });
});
