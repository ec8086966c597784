/** What a screen must be able to rely on when it reads: nothing old over new, nothing missed, nothing asked in floods. */
import { expect, it } from 'vitest';
import { QueryCache } from '../../renderer/bridge/query-cache.ts';
import type { Timers } from '../../renderer/bridge/query-cache.ts';
import type { Reply } from '../../shared/contract/spec.ts';

class Clock implements Timers {
  time = 0;
  #waiting: { at: number; run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.time + ms, run };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== entry);
    };
  }

  pass(ms: number): void {
    this.time += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { run } of due) run();
  }
}

/** A cache whose answers the test gives by hand, in any order. */
function desk() {
  const clock = new Clock();
  const asked: { name: string; input: unknown; answer(reply: Reply): Promise<void> }[] = [];
  const cache = new QueryCache(
    (name, input) =>
      new Promise((resolve) => {
        asked.push({
          name,
          input,
          async answer(reply) {
            resolve(reply);
            await Promise.resolve();
            await Promise.resolve();
          },
        });
      }),
    { timers: clock, spacing: 100, keepFor: 1000, retryAfter: 5000 },
  );
  return { clock, asked, cache };
}

const good = (value: unknown): Reply => ({ ok: true, value });
const bad = (retryable: boolean): Reply => ({ ok: false, code: 'storage', message: 'The disk is full.', retryable });
const KEY = QueryCache.key('status', {});
const nothing = (): void => undefined;

it('keeps the old value on screen while it reads again', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  expect(cache.peek(KEY)).toMatchObject({ value: undefined, loading: true });
  await asked[0]!.answer(good('one'));
  clock.pass(500);
  cache.changed(['status']);
  expect(cache.peek(KEY)).toMatchObject({ value: 'one', loading: true });
  await asked[1]!.answer(good('two'));
  expect(cache.peek(KEY)).toMatchObject({ value: 'two', loading: false, readAt: 500 });
});

it('keeps the old value beside the error when reading again fails', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(good('one'));
  clock.pass(500);
  cache.changed(['status']);
  await asked[1]!.answer(bad(false));
  expect(cache.peek(KEY)).toMatchObject({ value: 'one', error: { message: 'The disk is full.' }, readAt: 0 });
});

it('asks once for two screens and tells both', async () => {
  const { asked, cache } = desk();
  const told: string[] = [];
  cache.watch('status', {}, ['status'], () => told.push('a'));
  cache.watch('status', {}, ['status'], () => told.push('b'));
  expect(asked).toHaveLength(1);
  await asked[0]!.answer(good('one'));
  expect(told).toEqual(expect.arrayContaining(['a', 'b']));
});

it('reads only what a change concerns', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(good('one'));
  clock.pass(500);
  cache.changed(['incidents', 'incident:42']);
  expect(asked).toHaveLength(1);
});

it('turns a burst of changes into one more read, and never leaves the last change unread', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(good('one'));
  clock.pass(10);
  for (let index = 0; index < 50; index += 1) cache.changed(['status']);
  expect(asked).toHaveLength(1);
  clock.pass(100);
  expect(asked).toHaveLength(2);
});

it('reads once more when something changed while it was reading', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  cache.changed(['status']);
  cache.changed(['status']);
  expect(asked).toHaveLength(1);
  clock.pass(300);
  await asked[0]!.answer(good('old'));
  expect(asked).toHaveLength(2);
  await asked[1]!.answer(good('new'));
  expect(cache.peek(KEY).value).toBe('new');
});

it('drops an answer that a newer question has overtaken', async () => {
  const { clock, asked, cache } = desk();
  const leave = cache.watch('status', {}, ['status'], nothing);
  leave();
  clock.pass(10);
  cache.watch('status', {}, ['status'], nothing);
  expect(asked).toHaveLength(2);
  await asked[1]!.answer(good('new'));
  await asked[0]!.answer(good('old'));
  expect(cache.peek(KEY).value).toBe('new');
});

it('asks again by itself after a refusal that may pass, and not after one that will not', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(bad(true));
  clock.pass(4999);
  expect(asked).toHaveLength(1);
  clock.pass(1);
  expect(asked).toHaveLength(2);
  await asked[1]!.answer(bad(false));
  clock.pass(60_000);
  expect(asked).toHaveLength(2);
});

it('asks at once when a person wants it', async () => {
  const { asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(bad(true));
  cache.retry(KEY);
  expect(asked).toHaveLength(2);
});

it('does not read for a screen that has gone, but shows what it knew to one that comes back soon', async () => {
  const { clock, asked, cache } = desk();
  const leave = cache.watch('status', {}, ['status'], nothing);
  await asked[0]!.answer(good('one'));
  leave();
  cache.changed(['status']);
  cache.refresh();
  expect(asked).toHaveLength(1);
  clock.pass(500);
  const leaveAgain = cache.watch('status', {}, ['status'], nothing);
  expect(cache.peek(KEY).value).toBe('one');
  expect(asked).toHaveLength(2);
  leaveAgain();
  clock.pass(1000);
  expect(cache.peek(KEY).value).toBeUndefined();
});

it('reads everything on screen again when the engine is back', async () => {
  const { clock, asked, cache } = desk();
  cache.watch('status', {}, ['status'], nothing);
  cache.watch('situation', {}, ['health'], nothing);
  await asked[0]!.answer(good(1));
  await asked[1]!.answer(good(2));
  clock.pass(500);
  cache.refresh();
  expect(asked.slice(2).map(({ name }) => name)).toEqual(['status', 'situation']);
});
