/** What is sent ahead of its chain is taken like any op, and nothing else of it; and how the rest is told of. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Ahead } from '../../electron/engine/sync/ahead.ts';
import { Speed } from '../../electron/engine/sync/pace.ts';
import { pack } from '../../electron/engine/sync/wire.ts';
import { progressWords, waitingWords } from '../../shared/domain/link/words.ts';
import type { Slice } from '../../shared/ops/segment.ts';
import { declare, enrol, notes, peer, slicesAbout, type Peer } from '../support/exchange.ts';
import { MemoryPlace } from '../support/memory-transport.ts';

/** A console that listens, and a place where anybody may say anything. */
function listening(here: Peer) {
  const place = new MemoryPlace();
  const refused: string[] = [];
  const ahead = new Ahead(
    {
      store: here.store,
      origin: 'hub',
      through: new Map(),
      behind: () => 0,
      here: () => 1,
      refused: (sentence) => refused.push(sentence),
    },
    place.open(),
  );
  const say = async (body: Uint8Array): Promise<void> => {
    place.open().tell('ahead', body);
    // It is heard in a microtask and taken in the turn after that.
    await turn();
    await turn();
  };
  return { place, refused, ahead, say };
}

/** The copies of an incident that was written after much else. */
function copies(there: Peer): Slice[] {
  notes(there, 'old', 30);
  declare(there, 'new');
  notes(there, 'new', 5);
  return slicesAbout(there, 'new');
}

describe('what is sent ahead of its chain', () => {
  it('is taken where its console counts, stated once, and completed by the rest without harm', async () => {
    const [here, there] = [peer(), peer()];
    enrol(here, there);
    const { say, refused } = listening(here);
    const slices = copies(there);
    for (const slice of slices) await say(pack(slice));
    expect(here.store.entryCount('new')).toBe(6);
    expect(here.store.entryCount('old')).toBe(0);
    expect(here.store.log.missing(there.store.console)).toBe(30);
    const before = here.store.opCount;
    for (const slice of slices) await say(pack(slice));
    expect(here.store.opCount).toBe(before);
    expect(here.check().findings).toEqual([]);
    expect(refused).toEqual([]);
  });

  it('is left out when it is garbage, of a stranger, of ourselves, or changed on the way', async () => {
    const [here, there, stranger] = [peer(), peer(), peer()];
    enrol(here, there);
    const { say, refused, ahead } = listening(here);
    const before = here.store.opCount;
    await say(Buffer.from('no message'));
    expect(refused).toEqual(['What was sent ahead of its chain is left out: It is no message of Holdfast.']);
    for (const slice of copies(stranger)) await say(pack(slice));
    expect([here.store.opCount, here.store.quarantined()]).toEqual([before, 0]);
    const [slice] = copies(there);
    const forged = structuredClone(slice!);
    for (const op of forged.ops) if ('id' in op && op.type === 'entry.note') op.payload['text'] = 'something else';
    await say(pack(forged));
    expect(here.store.entryCount('new')).toBeLessThan(6);
    expect(refused.at(-1)).toMatch(/sent ahead of its chain, is kept out: /);
    // What was signed comes in all the same.
    await say(pack(slice!));
    expect(here.store.entryCount('new')).toBe(6);
    expect(here.check().findings).toEqual([]);
    ahead.stop();
    await say(Buffer.from('nobody listens'));
    expect(refused).toHaveLength(2);
  });
});

describe('how long the rest takes', () => {
  const none = { behind: 0, behindAtFirst: 0, readPerSecond: null, readInMs: null };
  const idle = { ...none, waiting: 0, waitingAtFirst: 0, sentPerSecond: null, sentInMs: null };

  it('is said as far as it is known', () => {
    expect(progressWords(idle)).toBeNull();
    expect(waitingWords(idle)).toBe('nothing waits');
    expect(waitingWords({ ...idle, waiting: 1, waitingAtFirst: 1 })).toBe('1 op');
    expect(
      waitingWords({ ...idle, waiting: 15_000, waitingAtFirst: 20_000, sentPerSecond: 2500, sentInMs: 6000 }),
    ).toBe('15,000 ops (25 % done), 2,500 ops/s, about 6 s left');
    expect(progressWords({ ...idle, behind: 30, behindAtFirst: 120, readPerSecond: 9000, readInMs: 400 })).toBe(
      '30 messages still to read (75 % done), 9,000 ops/s, about 1 s left',
    );
  });

  it('is no figure before it was watched for a while, and begins anew with what is measured', () => {
    const speed = new Speed();
    expect(speed.perSecond).toBeNull();
    speed.at(0, 0);
    speed.at(100, 1000);
    expect(speed.lasting(5000)).toBeNull();
    speed.at(1000, 10_000);
    expect(speed.perSecond).toBe(10_000);
    expect(speed.lasting(5000)).toBe(500);
    // What is long past counts no more.
    for (let at = 2000; at <= 12_000; at += 1000) speed.at(at, 10_000);
    expect(speed.perSecond).toBe(0);
    expect(speed.lasting(5000)).toBeNull();
    speed.at(13_000, 3);
    expect(speed.perSecond).toBeNull();
  });
});
