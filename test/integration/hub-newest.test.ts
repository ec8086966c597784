/** Much waits on one side of a hub: the newest incident is complete on the other side before the rest, both ways. */
import { describe, expect, it } from 'vitest';
import type { OpDraft } from '../../shared/ops/op.ts';
import { AUTHOR, enrol, peer, type Peer } from '../support/exchange.ts';
import { startHub } from '../support/hubs.ts';
import { linkTo, QUICK, type Linked } from '../support/links.ts';
import { missing, until } from '../support/servers.ts';

const OLD = 20_000;
const NEW = 50;

const declare = (scope: string, number: number): OpDraft => ({
  scope,
  type: 'incident.declare',
  payload: { number, title: `Incident ${number}`, severity: 'SEV2', services: [], businessServices: [] },
});
const note = (scope: string, text: string): OpDraft => ({ scope, type: 'entry.note', payload: { text } });

/** Twenty old incidents that are over and long, and one that is open and short, written between the last of the old. */
function write({ store }: Peer, count = OLD): void {
  const old = (n: number) => `old${Math.floor(n / 1000)}`;
  for (let begin = 0; begin < count; begin += 1000)
    store.commit(AUTHOR, (tx) => {
      for (let n = begin; n < begin + 1000; n++) {
        if (n % 1000 === 0) tx.append(declare(old(n), 1 + n / 1000));
        else if (n % 1000 === 999)
          tx.append({
            ...{ scope: old(n), type: 'incident.status', payload: { status: 'closed' } },
            base: tx.headIds('incident', old(n), old(n), 'status'),
          });
        else tx.append(note(old(n), `old ${n}`));
        if (n === count - 1000) tx.append(declare('newest', 21));
        else if (n > count - 1000 && n < count - 1000 + NEW) tx.append(note('newest', `new ${n}`));
      }
    });
}

/** Notes when the newest incident was complete at a linked console: how many of the other ops were here then. */
function watch({ store }: Peer, link: Linked): () => number | null {
  let before: number | null = null;
  store.onCommit(() => {
    link.poke();
    if (before === null && store.entryCount('newest') === NEW)
      before = store.log.consoles().reduce((sum, { id, seq }) => sum + seq - store.log.missing(id), 0) - NEW;
  });
  return () => before;
}

const all = ({ store }: Peer, of: Peer): boolean => store.log.reach(of.store.console, 1) === of.store.head!.seq;

describe.skipIf(missing('nats-server'))('with 20,000 ops of old incidents and 50 of the newest', () => {
  it('the newest is complete before a tenth of the rest, at who listens and at who comes later', async () => {
    const hub = await startHub();
    const [author, listener, late] = [peer(Date.now), peer(Date.now), peer(Date.now)];
    for (const one of [author, listener, late])
      for (const other of [author, listener, late]) if (one !== other) enrol(one, other);
    write(author);

    const there = linkTo(hub.hub, listener);
    const atListener = watch(listener, there);
    await until('the listener to be there', () => there.state === 'connected');
    const here = linkTo(hub.hub, author);
    await until('everything to arrive', () => all(listener, author));
    expect(atListener()).toBeLessThan(OLD / 10);
    expect(listener.check().findings).toEqual([]);
    expect(listener.store.rebuild().same).toBe(true);

    // Each part that came by itself is stated once, and the gap before it a few times while it fills.
    const stated = listener.store.log
      .range(listener.store.console, 1, 1000)
      .filter(({ type }) => type === 'record.held');
    expect(stated.length).toBeLessThan(8);

    // The author goes; who comes later asks who is there.
    await until('nothing to wait', () => here.places[0]!.waiting === 0);
    await here.stop();
    await until('the listener to have read all', () => there.places[0]!.behind === 0);
    const later = linkTo(hub.hub, late);
    const atLate = watch(late, later);
    await until('everything to arrive', () => all(late, author));
    expect(atLate()).toBeLessThan(OLD / 10);
    expect(late.check().findings).toEqual([]);
    expect([...there.refused, ...later.refused]).toEqual([]);
    await Promise.all([there.stop(), later.stop()]);
  });

  it('a link that breaks in between leaves nothing out, at the hub neither', async () => {
    const hub = await startHub();
    const [author, listener, late] = [peer(Date.now), peer(Date.now), peer(Date.now)];
    for (const one of [author, listener, late])
      for (const other of [author, listener, late]) if (one !== other) enrol(one, other);
    write(author, 5000);
    const there = linkTo(hub.hub, listener);
    await until('the listener to be there', () => there.state === 'connected');
    const here = linkTo(hub.hub, author);
    // What came ahead must not make the hub, or who relays, believe that it has what is before it.
    await until('the newest', () => listener.store.entryCount('newest') === NEW);
    await here.stop();
    expect(all(listener, author)).toBe(false);
    await until('what came to be sent on', () => there.places[0]!.refilling === 0);
    const again = linkTo(hub.hub, author, { pace: { ...QUICK, patience: [50, 150] } });
    await until('the rest', () => all(listener, author));
    await until('nothing to wait', () => again.places[0]!.waiting === 0);
    await Promise.all([again.stop(), there.stop()]);
    const later = linkTo(hub.hub, late);
    await until('all of it at the hub', () => all(late, author));
    await later.stop();
    expect(late.check().findings).toEqual([]);
  });
});
