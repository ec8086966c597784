/** Sealing, handing keys over and taking them back, in any order of arrival. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealingKey } from '../../electron/engine/bundles/sealed.ts';
import { handOver, Keyring, newSecret } from '../../electron/engine/restricted/keyring.ts';
import { SEALED } from '../../electron/engine/store/projection.ts';
import type { Op } from '../../shared/ops/op.ts';
import { enrol, memoryPeer, segmentsOf, type Peer } from '../support/exchange.ts';

const AUTHOR = { actor: 'ana', zone: 'UTC' };
const INCIDENT = 'i1';
const place = { console: 'console1', seq: 3, hlc: '0000019abcdef0000-console1'.slice(1), scope: INCIDENT };

const of = (peer: Peer) => ({ console: peer.store.console, key: sealingKey(peer.identity) });

function restrict({ store }: Peer, to: readonly Peer[], scope = INCIDENT): void {
  store.commit(AUTHOR, (tx) => {
    tx.append({ scope, type: 'incident.restrict', payload: { ...handOver(newSecret(), to.map(of)), contact: null } });
    const declared = { number: 1, title: 'secret', severity: 'SEV2', services: [], businessServices: [] };
    tx.append({ scope, type: 'incident.declare', payload: { ...declared, restricted: true } });
  });
}

const say = ({ store }: Peer, text: string, scope = INCIDENT): void =>
  void store.commit(AUTHOR, (tx) => tx.append({ scope, type: 'entry.note', payload: { text } }));

const share = ({ store }: Peer, to: readonly Peer[]): void =>
  store.commit(AUTHOR, (tx) => {
    for (const { secret } of store.keyring.secretsOf(INCIDENT))
      tx.append({ scope: INCIDENT, type: 'incident.key', payload: handOver(secret, to.map(of)) });
  });

const rotate = ({ store }: Peer, to: readonly Peer[]): void =>
  store.commit(AUTHOR, (tx) => {
    const handed = handOver(newSecret(), to.map(of));
    const { key: by, proof } = store.keyring.prove(INCIDENT, 'key', handed.key);
    tx.append({ scope: INCIDENT, type: 'incident.key', payload: { ...handed, by, proof } });
  });

const lift = ({ store }: Peer): void =>
  store.commit(AUTHOR, (tx) => {
    const keys = store.keyring
      .secretsOf(INCIDENT)
      .map(({ key, secret }) => ({ key, secret: secret.toString('base64url') }));
    tx.append({ scope: INCIDENT, type: 'incident.lift', payload: { keys, reason: 'over' } });
  });

function meet(...peers: Peer[]): void {
  for (const here of peers) for (const other of peers) if (here !== other) here.store.ingest(segmentsOf(other), 'test');
}

/** Consoles that count each other. */
function consoles(count: number): Peer[] {
  const peers = Array.from({ length: count }, () => memoryPeer());
  for (const here of peers) for (const other of peers) if (here !== other) enrol(here, other);
  meet(...peers);
  return peers;
}

const texts = ({ store }: Peer): string[] =>
  store
    .entries({ scope: INCIDENT }, { limit: 1000, types: ['entry.note'] })
    .map(({ op }) => String(op.payload['text']))
    .sort();

describe('a sealed op', () => {
  it('opens to what was sealed, at its place and nowhere else, and only untouched', () => {
    const [peer] = consoles(1) as [Peer];
    restrict(peer, [peer]);
    const { keyring } = peer.store;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), fc.nat(200), (text, at) => {
        const said = {
          type: 'entry.note',
          payload: { text: text.toWellFormed() },
          actor: 'ana',
          eventTime: 5,
          zone: 'UTC',
        };
        const op = { ...place, id: 'x', ...said, type: SEALED, payload: keyring.seal(place, said) } as Op;
        expect(keyring.open(op)).toMatchObject(said);
        expect(JSON.stringify(op.payload)).not.toContain('entry.note');
        for (const moved of [{ seq: 4 }, { scope: 'i2' }, { console: 'console2' }, { hlc: `f${place.hlc.slice(1)}` }])
          expect(keyring.open({ ...op, ...moved })).toBeNull();
        const body = Buffer.from(String(op.payload['body']), 'base64url');
        body[at % body.length]! ^= 1;
        expect(keyring.open({ ...op, payload: { ...op.payload, body: body.toString('base64url') } })).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('is what travels, also of what was committed just now', () => {
    const [peer] = consoles(1) as [Peer];
    restrict(peer, [peer]);
    say(peer, 'zyzzyva');
    expect(texts(peer)).toEqual(['zyzzyva']);
    for (const sent of [peer.store.fresh, segmentsOf(peer), [...peer.store.log.all()]]) {
      expect(JSON.stringify(sent)).toContain(SEALED);
      expect(JSON.stringify(sent)).not.toMatch(/zyzzyva|entry\.note/);
    }
  });

  it('tells its length only roughly', () => {
    const [peer] = consoles(1) as [Peer];
    restrict(peer, [peer]);
    const length = (text: string): number => {
      const said = { type: 'entry.note', payload: { text }, actor: 'ana', eventTime: 5, zone: 'UTC' };
      return String(peer.store.keyring.seal(place, said)['body']).length;
    };
    expect(length('no')).toBe(length('The payroll of all stores is on a forum.'));
  });

  it('may speak of its own incident only', () => {
    const [peer, other] = consoles(2) as [Peer, Peer];
    restrict(peer, [peer, other]);
    // What a console writes that does not keep to the rules: a policy inside a sealed entry.
    peer.store.commit(AUTHOR, (tx) =>
      tx.append({
        scope: INCIDENT,
        type: 'policy.put',
        payload: { policy: 'access', text: null, hash: null, version: 9, reason: 'mine now' },
      }),
    );
    meet(peer, other);
    expect(other.store.entity('policy', 'estate', 'access')).toBeNull();
    expect(other.store.entries({ scope: INCIDENT }, { limit: 9 }).map(({ op }) => op.type)).not.toContain('policy.put');
  });
});

describe('consoles', () => {
  it('with the same keys come to the same tables, whatever came first; others to those without', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('say', 'say-other', 'share', 'rotate', 'meet', 'meet-other', 'rebuild'), {
          minLength: 4,
          maxLength: 24,
        }),
        fc.boolean(),
        (steps, lifts) => {
          const [here, other, outside] = consoles(3) as [Peer, Peer, Peer];
          restrict(here, [here]);
          let written = 0;
          for (const step of steps) {
            if (step === 'say') say(here, `note ${written++}`);
            else if (step === 'say-other' && other.store.keyring.size > 0) say(other, `note ${written++}`);
            else if (step === 'share') share(here, [other]);
            else if (step === 'rotate') rotate(here, other.store.keyring.size > 0 ? [here, other] : [here]);
            else if (step === 'meet') meet(here, outside);
            else if (step === 'meet-other') meet(outside, other, here);
            else if (step === 'rebuild') expect([here, other].every(({ store }) => store.rebuild().same)).toBe(true);
          }
          share(here, [other]);
          meet(outside, other, here);
          meet(outside, other, here);
          expect(texts(here)).toHaveLength(written);
          expect(texts(other)).toEqual(texts(here));
          expect(texts(outside)).toEqual([]);
          expect(outside.store.entity('incident', INCIDENT, INCIDENT)).toBeNull();
          if (lifts) {
            lift(here);
            meet(here, other, outside);
            expect(texts(outside)).toEqual(texts(here));
            expect(outside.store.hash()).toBe(here.store.hash());
          }
          expect(other.store.hash()).toBe(here.store.hash());
          for (const { store } of [here, other, outside]) expect(store.rebuild().same).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('do not read what was written with a key that they were not given, and keep what they had', () => {
    const [here, other] = consoles(2) as [Peer, Peer];
    restrict(here, [here, other]);
    say(here, 'before');
    rotate(here, [here]);
    say(here, 'after');
    meet(here, other);
    expect(texts(other)).toEqual(['before']);
    expect(texts(here)).toEqual(['after', 'before']);
    expect([here, other].map((peer) => peer.check().ok)).toEqual([true, true]);
  });

  it('write with no key that comes from somebody who had none', () => {
    const [here, other, hostile] = consoles(3) as [Peer, Peer, Peer];
    restrict(here, [here, other]);
    meet(here, other, hostile);
    // A console that is enrolled and was not let in: a key of its own for all, a second beginning, an end, an erasure.
    const mine = newSecret();
    hostile.store.commit(AUTHOR, (tx) => {
      const to = [here, other, hostile].map(of);
      tx.append({ scope: INCIDENT, type: 'incident.key', payload: handOver(mine, to) });
      tx.append({
        scope: INCIDENT,
        type: 'incident.key',
        payload: {
          ...handOver(newSecret(), to),
          by: here.store.keyring.secretsOf(INCIDENT)[0]!.key,
          proof: 'A'.repeat(43),
        },
      });
      tx.append({
        scope: INCIDENT,
        type: 'incident.restrict',
        payload: { ...handOver(newSecret(), to), contact: null },
      });
      tx.append({
        scope: INCIDENT,
        type: 'incident.lift',
        payload: { keys: [{ key: 'k1', secret: 'A'.repeat(43) }], reason: 'x' },
      });
      tx.append({
        scope: INCIDENT,
        type: 'incident.shred',
        payload: { key: here.store.keyring.secretsOf(INCIDENT)[0]!.key, proof: 'A'.repeat(43), reason: 'x' },
      });
    });
    meet(here, other, hostile);
    say(here, 'still secret');
    meet(here, other, hostile);
    expect(here.store.keyring.secretsOf(INCIDENT)).toHaveLength(1);
    expect(texts(other)).toEqual(['still secret']);
    expect(texts(hostile)).toEqual([]);
  });

  it('throw the keys away when one of them that has one says so', () => {
    const [here, other, outside] = consoles(3) as [Peer, Peer, Peer];
    restrict(here, [here, other]);
    say(here, 'to be erased');
    meet(here, other, outside);
    other.store.commit(AUTHOR, (tx) =>
      tx.append({
        scope: INCIDENT,
        type: 'incident.shred',
        payload: { ...other.store.keyring.prove(INCIDENT, 'shred'), reason: 'two years' },
      }),
    );
    meet(here, other, outside);
    for (const peer of [here, other, outside]) {
      expect(texts(peer)).toEqual([]);
      expect(peer.store.keyring.get(INCIDENT)?.keys).toEqual([]);
      expect(peer.store.hash()).toBe(outside.store.hash());
      expect(peer.check().ok).toBe(true);
      expect(peer.store.rebuild().same).toBe(true);
    }
  });
});

describe('a keyring', () => {
  it('holds nothing while nothing is restricted', () => {
    const [peer] = consoles(1) as [Peer];
    const ring = new Keyring(peer.identity);
    expect([ring.size, ring.all(), ring.get('i1'), ring.seals('i1', 'entry.note', () => '')]).toEqual([
      0,
      [],
      null,
      false,
    ]);
  });
});
