import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../electron/engine/engine.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { TimelinePages } from '../../renderer/features/incident/pages.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

const START = Date.parse('2026-11-24T12:00:00Z');

async function room() {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-timeline-'));
  cleanups.push(() => rmSync(data, { recursive: true }));
  let now = START;
  const engine = await openEngine({
    data,
    assets: 'assets',
    version: 'test',
    poll: false,
    now: () => (now += 1000),
    zone: 'Europe/Vienna',
  });
  cleanups.push(() => engine.close());
  const done = async <K extends Name>(name: K, input: Input<K>): Promise<Output<K>> => {
    const reply = await engine.call(name, input);
    if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
    return reply.value as Output<K>;
  };
  const { id: incident } = await done('incident.declare', { title: 'Checkout failing', severity: 'SEV2' });
  return { engine, done, incident, wait: (ms: number) => (now += ms) };
}

describe('a clock that is set back', () => {
  it('is told as long as it stands before what was written, and a correction of a minute is not', async () => {
    const { done, wait } = await room();
    const told = async () => (await done('status', {})).warnings.filter((warning) => warning.includes('clock'));
    wait(-60_000);
    expect(await told()).toEqual([]);
    wait(-3_600_000);
    expect(await told()).toEqual([
      expect.stringMatching(/^The clock of this machine says 11:5\d CET, and .* goes up to 13:00 CET: one of the two/),
    ]);
    wait(3_700_000);
    expect(await told()).toEqual([]);
  });
});

describe('the timeline of an incident', () => {
  it('pages from the newest to the declaration without a gap or a repeat', async () => {
    const { done, incident } = await room();
    for (let n = 0; n < 45; n++) await done('incident.say', { incident, text: `note ${n}` });
    const seen: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await done('incident.timeline', {
        incident,
        limit: 10,
        ...(before === undefined ? {} : { before }),
      });
      seen.push(...page.entries.map(({ summary }) => summary));
      expect(page.total).toBe(46);
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen).toEqual([
      ...Array.from({ length: 45 }, (_, n) => `note ${44 - n}`),
      'declared SEV2: Checkout failing',
    ]);
  });

  it('shows only the kinds that are asked for, however far apart', async () => {
    const { done, incident } = await room();
    for (let n = 0; n < 30; n++)
      await done(n % 10 === 0 ? 'incident.decide' : 'incident.say', { incident, text: `${n}` });
    await done('incident.severity', { incident, severity: 'SEV1' });
    const decisions = await done('incident.timeline', { incident, limit: 2, kinds: ['decision'] });
    expect(decisions.entries.map(({ text }) => text)).toEqual(['20', '10']);
    const rest = await done('incident.timeline', { incident, limit: 2, kinds: ['decision'], before: decisions.next! });
    expect(rest).toMatchObject({ entries: [{ text: '0' }], next: null });
    const states = await done('incident.timeline', { incident, kinds: ['state'] });
    expect(states.entries.map(({ summary }) => summary)).toEqual([
      'severity SEV2 → SEV1',
      'declared SEV2: Checkout failing',
    ]);
  });

  it('moves a corrected entry to when it happened and keeps what it said', async () => {
    const { done, incident } = await room();
    await done('incident.say', { incident, text: 'first' });
    const { entry } = await done('incident.say', { incident, text: 'PSP down' });
    await done('incident.correct', {
      incident,
      entry,
      eventTime: START - 600_000,
      text: 'PSP slow',
      reason: 'they called back',
    });
    const { entries } = await done('incident.timeline', { incident, kinds: ['note'] });
    expect(entries.map(({ text }) => text)).toEqual(['first', 'PSP slow']);
    expect(entries[1]).toMatchObject({
      eventTime: START - 600_000,
      correction: { textWas: 'PSP down', reason: 'they called back' },
    });
    expect(entries[1]!.correction!.eventTimeWas).toBeGreaterThan(START);
  });
});

describe('the window’s pages over a real timeline', () => {
  it('hold every entry once, and follow what is written and corrected meanwhile', async () => {
    const { engine, done, incident } = await room();
    const ids: string[] = [];
    for (let n = 0; n < 600; n++) ids.push((await done('incident.say', { incident, text: `note ${n}` })).entry);
    let settled: (() => void) | null = null;
    const pages = new TimelinePages(
      (before, limit) => engine.call('incident.timeline', { incident, limit, before }) as never,
    );
    const end = pages.subscribe(() => settled?.());
    cleanups.push(end);
    const until = (fact: () => boolean) =>
      new Promise<void>((resolve) => {
        settled = () => fact() && resolve();
        settled();
      });
    await until(() => pages.snapshot().opened);
    expect(pages.snapshot().entries.length).toBeLessThan(200);
    while (!pages.snapshot().whole) {
      const had = pages.snapshot().entries.length;
      pages.seen(had - 10, had - 1);
      await until(() => pages.snapshot().entries.length > had);
    }
    expect(
      pages
        .snapshot()
        .entries.map(({ id }) => id)
        .slice(0, 600),
    ).toEqual(ids.toReversed());

    const written = await done('incident.say', { incident, text: 'new' });
    pages.changed();
    await until(() => pages.snapshot().entries[0]!.id === written.entry);
    expect([...pages.snapshot().fresh]).toEqual([written.entry]);
    expect(pages.snapshot().entries).toHaveLength(602);

    await done('incident.correct', { incident, entry: ids[100]!, text: 'set right' });
    pages.changed();
    const place = pages.snapshot().entries.findIndex(({ id }) => id === ids[100]);
    pages.seen(place - 5, place + 5);
    await until(() => pages.snapshot().entries.find(({ id }) => id === ids[100])?.text === 'set right');
    const listed = pages.snapshot().entries.map(({ id }) => id);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.length).toBe(603);
  }, 60_000);
});
