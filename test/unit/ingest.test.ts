import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdentity, rawKey, type Identity } from '../../electron/engine/access/identity.ts';
import { openDatabase, type Opened } from '../../electron/engine/store/database.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { Store } from '../../electron/engine/store/store.ts';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import { ESTATE } from '../../shared/ops/op.ts';

const NOW = 1_780_000_000_000;
const author = { actor: 'ana', zone: 'Europe/Vienna' };
const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function console(): { store: Store; identity: Identity; opened: Opened } {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const opened = openDatabase(directory);
  const identity = loadIdentity(directory);
  cleanups.push(() => {
    opened.close();
    rmSync(directory, { recursive: true });
  });
  return { store: new Store(opened, identity, () => NOW), identity, opened };
}

function declare(store: Store, id: string): void {
  store.commit(author, (tx) =>
    tx.append({
      scope: id,
      type: 'incident.declare',
      payload: { number: 1, title: id, severity: 'SEV2', services: [], businessServices: [] },
    }),
  );
}

function enrol(store: Store, other: { store: Store; identity: Identity }): void {
  const key = rawKey(other.identity.publicKey).toString('base64url');
  store.commit(author, (tx) =>
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: { console: other.store.console, key, name: 'store 112' },
    }),
  );
}

function segments({ store, identity }: { store: Store; identity: Identity }): Incoming[] {
  const key = rawKey(identity.publicKey).toString('base64url');
  return store.segments
    .of(store.console)
    .map((seal) => ({ ...seal, key, ops: store.log.range(store.console, seal.first, seal.last).map(bare) }));
}

describe('taking ops of another console', () => {
  it('applies what an enrolled console signed, once', () => {
    const here = console();
    const there = console();
    declare(there.store, 'i1');
    enrol(here.store, there);
    expect(here.store.ingest(segments(there), 'bundle')).toMatchObject({ applied: 1, known: 0, quarantined: [] });
    expect(here.store.entity('incident', 'i1', 'i1')?.doc).toMatchObject({ title: 'i1', severity: 'SEV2' });
    expect(here.store.ingest(segments(there), 'bundle')).toMatchObject({ applied: 0, known: 1, quarantined: [] });
  });

  it('keeps a stranger out, counts it, and takes it once its console is enrolled', () => {
    const here = console();
    const there = console();
    declare(there.store, 'i1');
    const { quarantined } = here.store.ingest(segments(there), 'bundle');
    expect(quarantined).toMatchObject([
      { reason: `Console ${there.store.console} is not enrolled here.`, waits: true },
    ]);
    expect(here.store.quarantined()).toBe(1);
    expect(here.store.entity('incident', 'i1', 'i1')).toBeNull();
    enrol(here.store, there);
    expect(here.store.ingest(segments(there), 'bundle')).toMatchObject({ applied: 1 });
    expect(here.store.quarantined()).toBe(0);
  });

  it('takes a long history in several segments and refuses one with a gap before it', () => {
    const here = console();
    const there = console();
    enrol(here.store, there);
    there.store.commit(author, (tx) => {
      for (let n = 0; n < 2500; n++) tx.append({ scope: 'i1', type: 'entry.note', payload: { text: `note ${n}` } });
    });
    const all = segments(there);
    expect(all.map(({ first, last }) => [first, last])).toEqual([
      [1, 1000],
      [1001, 2000],
      [2001, 2500],
    ]);
    const late = here.store.ingest([all[1]!], 'bundle');
    expect(late.applied).toBe(0);
    expect(late.quarantined[0]!.reason).toContain('Ops 1 to 1000');
    expect(here.store.ingest(all, 'bundle').applied).toBe(2500);
    expect(here.store.hash()).not.toBe(there.store.hash());
  });

  const forgeries: [string, (segment: Incoming) => void, RegExp][] = [
    [
      'an edited text',
      (s) => ((s.ops[0] as { payload: { title: string } }).payload.title = 'fine'),
      /id is not the hash/,
    ],
    ['a back-dated op', (s) => ((s.ops[0] as { eventTime: number }).eventTime -= 1000), /id is not the hash/],
    ['a missing tail', (s) => (s.ops = s.ops.slice(0, -1)), /not complete/],
    ['another signature', (s) => (s.signature = 'A'.repeat(86)), /signature over ops 1 to 2 .* is wrong/],
    ['another key', (s) => (s.key = 'A'.repeat(43)), /key does not belong/],
    ['swapped ops', (s) => (s.ops = s.ops.toReversed()), /not complete/],
    ['rubbish', (s) => (s.ops = [42, null]), /It is no op/],
  ];
  it.each(forgeries)('keeps %s out and says why', (_, forge, reason) => {
    const here = console();
    const there = console();
    enrol(here.store, there);
    declare(there.store, 'i1');
    declare(there.store, 'i2');
    const [segment] = structuredClone(segments(there));
    forge(segment!);
    const { applied, quarantined } = here.store.ingest([segment!], 'bundle');
    expect(applied).toBe(0);
    expect(quarantined.length).toBeGreaterThan(0);
    expect(quarantined.some((refused) => reason.test(refused.reason))).toBe(true);
  });
});
