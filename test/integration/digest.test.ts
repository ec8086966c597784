import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { DigestBook } from '../../electron/engine/digest/book.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store, type Transaction } from '../../electron/engine/store/store.ts';
import { done, enrolIn, inStore, newFolder, openOn } from '../support/engines.ts';
import { answerHere } from '../support/cli.ts';
import { segmentsOf } from '../support/other-consoles.ts';

const MINUTE = 60_000;

function as<T>(data: string, now: number, work: (store: Store) => T): T {
  const opened = openDatabase(data);
  try {
    return work(new Store(opened, loadIdentity(data), () => now));
  } finally {
    opened.close();
  }
}

function take(from: string, to: string, now: number): void {
  const identity = loadIdentity(from);
  const segments = as(from, now, (store) => segmentsOf({ store, identity }));
  as(to, now, (store) => store.ingest(segments, 'hub'));
}

/** Two consoles that know each other and an incident. */
async function pair(): Promise<{ here: string; there: string; incident: string; start: number }> {
  const [here, there] = [newFolder(), newFolder()];
  for (const folder of [here, there]) loadIdentity(folder);
  enrolIn(here, there);
  enrolIn(there, here);
  const engine = await openOn(here);
  const { id } = await done(engine, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
  await engine.close();
  const start = Date.now() + MINUTE;
  take(here, there, start);
  take(there, here, start);
  return { here, there, incident: id, start };
}

describe('the digest', () => {
  it('tells what others did while the link was gone, what we did, and what is contested, until it is read', async () => {
    const { here, there, incident, start } = await pair();
    const cut = start + MINUTE;
    as(here, cut, (store) => new DigestBook(store, () => {}).beganCutOff(cut));
    const severity = (value: string) => (tx: Transaction) =>
      tx.append({
        scope: incident,
        type: 'incident.severity',
        payload: { severity: value, reason: 'seen' },
        base: tx.headIds('incident', incident, incident, 'severity'),
      });
    as(here, cut + MINUTE, (store) => store.commit({ actor: 'ana', zone: 'UTC' }, severity('SEV1')));
    as(there, cut + 2 * MINUTE, (store) =>
      store.commit({ actor: 'raj', zone: 'Europe/Dublin' }, (tx) => {
        severity('SEV3')(tx);
        tx.append({ scope: incident, type: 'entry.decision', payload: { text: 'close two tills' } });
        for (let n = 0; n < 2000; n++)
          tx.append({ scope: incident, type: 'entry.note', payload: { text: `note ${n}` } });
        tx.append({
          scope: 'i-other',
          type: 'incident.declare',
          payload: { number: 2, title: 'Card payments refused', severity: 'SEV1', services: [], businessServices: [] },
        });
      }),
    );
    const back = cut + 12 * MINUTE;
    as(here, back, (store) => new DigestBook(store, () => {}).returned(back));
    // What is written after the link is back is not told, although it comes together with the rest.
    as(there, back + MINUTE, (store) =>
      store.commit({ actor: 'raj', zone: 'UTC' }, (tx) =>
        tx.append({ scope: incident, type: 'entry.decision', payload: { text: 'written later' } }),
      ),
    );
    take(there, here, back + 2 * MINUTE);

    const engine = await openOn(here);
    const { digest } = await done(engine, 'digest', {});
    expect(digest!.headline).toBe(
      'While we were cut off, 12 min: others wrote 2,003 entries in 2 incidents, we wrote 1, 1 conflict',
    );
    expect(digest!.incidents.map(({ label }) => label)).toEqual(['INC-0002', 'INC-0001']);
    expect(digest!.incidents[1]!.counts).toEqual([
      { words: 'severity change', count: 1 },
      { words: 'decision', count: 1 },
      { words: 'notes', count: 2000 },
    ]);
    expect(digest!.incidents[1]!.lines.map(({ text, by }) => [text, by.id])).toEqual([
      ['close two tills', 'raj'],
      [expect.stringContaining('SEV3'), 'raj'],
    ]);
    expect(digest!.ours.incidents).toMatchObject([{ label: 'INC-0001', ops: 1 }]);
    expect(digest!.conflicts.map(({ text }) => text)).toEqual(['INC-0001: severity: SEV1 / SEV3']);
    expect((await done(engine, 'status', {})).digest).toBe(digest!.headline);
    const { needs } = await done(engine, 'situation', {});
    expect(needs[0]).toMatchObject({ kind: 'digest', text: digest!.headline });

    await done(engine, 'digest.read', {});
    expect(await done(engine, 'digest', {})).toEqual({ digest: null });
    expect((await done(engine, 'status', {})).digest).toBeNull();
    // What arrived from a moment on can be asked for again.
    const asked = await done(engine, 'digest', { since: back });
    expect(asked.digest!.incidents.map(({ ops }) => ops)).toEqual([2003, 1]);
    await engine.close();
    expect(
      (await answerHere('digest', ['--since', new Date(Date.now() - MINUTE).toISOString()], here)).digest?.why,
    ).toBe('asked');
  });

  it('grows over a second cut that comes before it was read, and says nothing of a short one without news', async () => {
    const { here, there, incident, start } = await pair();
    const book = (at: number, work: (book: DigestBook) => void) =>
      as(here, at, (store) => work(new DigestBook(store, () => {})));
    const decide = (at: number, text: string): unknown =>
      as(there, at, (store) =>
        store.commit({ actor: 'raj', zone: 'UTC' }, (tx) =>
          tx.append({ scope: incident, type: 'entry.decision', payload: { text } }),
        ),
      );
    const read = async () => {
      const engine = await openOn(here);
      const { digest } = await done(engine, 'digest', {});
      await engine.close();
      return digest;
    };
    book(start + MINUTE, (one) => one.beganCutOff(start + MINUTE));
    book(start + MINUTE + 3000, (one) => one.returned(start + MINUTE + 3000));
    expect(await read()).toBeNull();
    book(start + 2 * MINUTE, (one) => one.beganCutOff(start + 2 * MINUTE));
    decide(start + 3 * MINUTE, 'first');
    book(start + 4 * MINUTE, (one) => one.returned(start + 4 * MINUTE));
    take(there, here, start + 4 * MINUTE);
    book(start + 5 * MINUTE, (one) => one.beganCutOff(start + 5 * MINUTE));
    decide(start + 6 * MINUTE, 'second');
    book(start + 7 * MINUTE, (one) => one.returned(start + 7 * MINUTE));
    take(there, here, start + 7 * MINUTE);
    expect((await read())!.incidents[0]!.lines.map(({ text }) => text)).toEqual(['second', 'first']);
  });

  it('tells of a bundle what came with it, what its maker lacked and what was kept out', async () => {
    const { here, there, incident } = await pair();
    inStore(here, (store) =>
      store.commit({ actor: 'ana', zone: 'UTC' }, (tx) =>
        tx.append({ scope: incident, type: 'entry.note', payload: { text: 'nobody there has this' } }),
      ),
    );
    const other = await openOn(there);
    await done(other, 'incident.decide', { incident, text: 'close two tills' });
    const { path } = await done(other, 'bundle.export', { to: join(newFolder(), 'all.holdfast') });
    await other.close();
    const engine = await openOn(here);
    await done(engine, 'bundle.import', { file: path });
    const { digest } = await done(engine, 'digest', {});
    expect(digest!.headline).toBe('With all.holdfast: others wrote 1 entry in 1 incident, we wrote 1');
    expect(digest!.consoles).toMatchObject([{ name: 'store 112', ops: 1 }]);
    await done(engine, 'digest.read', {});
    // The same once more is no news.
    await done(engine, 'bundle.import', { file: path });
    expect(await done(engine, 'digest', {})).toEqual({ digest: null });
  });
});
