/** Ops of a clock that is far ahead: kept out, and taken in when their time has come. */
import { expect, it } from 'vitest';
import { declare, enrol, note, peer, segmentsOf } from '../support/exchange.ts';

const HOUR = 3_600_000;

it('an op from the day after tomorrow waits for its day, and those after it with it', () => {
  let now = 1_780_000_000_000;
  const here = peer(() => now);
  const there = peer(() => now + 48 * HOUR);
  enrol(here, there);
  declare(here, 'i1');
  note(there, 'i1', 'too early');
  note(there, 'i1', 'too early as well');
  expect(here.store.ingest(segmentsOf(there), 'hub')).toMatchObject({ applied: 0 });
  expect(here.store.quarantineNewest(5).map(({ reason }) => reason)).toEqual([
    'Its clock is 2 days ahead.',
    'Its clock is 2 days ahead.',
  ]);
  expect([here.store.takeDue(), here.store.entryCount('i1')]).toEqual([0, 1]);
  now += 25 * HOUR;
  expect([here.store.takeDue(), here.store.entryCount('i1')]).toEqual([2, 3]);
  expect(here.store.quarantined()).toBe(0);
  expect(here.store.takeDue()).toBe(0);
  expect(here.check().ok).toBe(true);
});
