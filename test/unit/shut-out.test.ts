/** A console that is shut out: what it wrote afterwards counts nowhere, whoever had it before hearing so. */
import { expect, it } from 'vitest';
import { ESTATE } from '../../shared/ops/op.ts';
import { AUTHOR, declare, enrol, memoryPeer, note, segmentsOf, type Peer } from '../support/exchange.ts';

const tell = (from: Peer, to: Peer) => to.store.ingest(segmentsOf(from), 'test');
const revoke = (here: Peer, other: Peer, through: number) =>
  here.store.commit(AUTHOR, (tx) =>
    tx.append({
      ...{ scope: ESTATE, type: 'console.revoke' },
      payload: { console: other.store.console, through, reason: 'stolen' },
    }),
  );

/** Three consoles that count each other's ops; the third one wrote two notes. */
function three(): [Peer, Peer, Peer] {
  const [a, b, c] = [memoryPeer(), memoryPeer(), memoryPeer()];
  for (const [here, other] of [
    [a, b],
    [a, c],
    [b, a],
    [c, a],
  ] as const)
    enrol(here, other);
  declare(a, 'i1');
  tell(a, b);
  tell(a, c);
  note(c, 'i1', 'before');
  tell(c, a);
  note(c, 'i1', 'after');
  tell(c, b);
  return [a, b, c];
}

it('is out everywhere from the same op on, and what it wrote later stays in the log without effect', () => {
  const [a, b, c] = three();
  expect([a.store.entryCount('i1'), b.store.entryCount('i1')]).toEqual([2, 3]);
  revoke(a, c, c.store.head!.seq - 1);
  expect(tell(c, a).quarantined).toHaveLength(1);
  tell(a, b);
  tell(b, a);
  expect(b.store.entryCount('i1')).toBe(2);
  expect(b.store.hash()).toBe(a.store.hash());
  expect(b.store.rebuild().same).toBe(true);
  for (const peer of [a, b]) expect(peer.check().ok).toBe(true);
  // On itself it goes on.
  tell(a, c);
  expect(c.store.entryCount('i1')).toBe(3);
});

it('counts again, with what was kept out, once it is let in again', () => {
  const [a, b, c] = three();
  revoke(a, c, c.store.head!.seq - 1);
  tell(a, b);
  const { store } = a;
  store.commit(AUTHOR, (tx) =>
    tx.append({
      ...{ scope: ESTATE, type: 'console.enrol', base: tx.headIds('console', ESTATE, c.store.console, 'access') },
      payload: { console: c.store.console, key: segmentsOf(c)[0]!.key, name: 'found again' },
    }),
  );
  tell(a, b);
  tell(c, a);
  tell(b, a);
  expect([a.store.entryCount('i1'), b.store.entryCount('i1')]).toEqual([3, 3]);
  expect(b.store.hash()).toBe(a.store.hash());
  expect(b.store.rebuild().same).toBe(true);
});

it('shuts nobody out itself once it is out', () => {
  const [a, b, c] = three();
  revoke(a, c, 0);
  revoke(c, a, 1);
  tell(a, b);
  tell(c, b);
  expect(b.store.standing(c.store.console).access).toBe('revoked');
  expect(b.store.standing(a.store.console).access).toBe('enrolled');
  expect(b.store.rebuild().same).toBe(true);

  // Whose word of two comes first counts: the other one was not allowed to say it any more.
  const [d, e, f] = three();
  revoke(d, f, e.store.log.tip(f.store.console)!.seq);
  revoke(f, d, 3);
  e.store.ingest([...segmentsOf(f), ...segmentsOf(d)], 'test');
  expect(e.store.standing(d.store.console).access).toBe('revoked');
  expect(e.store.standing(f.store.console).access).toBe('enrolled');
  expect(e.store.rebuild().same).toBe(true);
  expect(e.check().ok).toBe(true);
});
