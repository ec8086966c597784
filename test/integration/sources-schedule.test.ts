import { describe, expect, it } from 'vitest';
import { backoff, Scheduler, type Task } from '../../electron/engine/sources/scheduler.ts';
import { SourceFailure, type Polled, type Source } from '../../electron/engine/sources/source.ts';
import { ManualClock } from '../support/manual-clock.ts';

const OK: Polled = { observations: [], message: 'Seen.' };

function bench(options: { random?: () => number } = {}) {
  const clock = new ManualClock();
  const polled: string[] = [];
  const scheduler = new Scheduler({
    clock,
    random: options.random ?? (() => 0.5),
    onPolled: (id) => polled.push(id),
    onView: () => {},
  });
  const beat = () => {
    scheduler.heartbeat();
    clock.after(1000, beat);
  };
  beat();
  return { clock, scheduler, polled };
}

function source(poll: (signal: AbortSignal) => Promise<Polled>): Source & { closed: boolean } {
  const made = {
    closed: false,
    poll,
    test: async () => ({ ok: true, message: '', ms: 0, seen: [] }),
    close: () => (made.closed = true),
  };
  return made as unknown as Source & { closed: boolean };
}

const task = (one: Source, intervalMs = 10_000, timeoutMs = 5_000): Task => ({
  timing: { intervalMs, timeoutMs },
  create: async () => one,
});

describe('the scheduler', () => {
  it('reads at once and then at every interval, measured from start to start', async () => {
    const { clock, scheduler, polled } = bench();
    const slow = () => new Promise<Polled>((resolve) => void clock.after(3000, () => resolve(OK)));
    scheduler.set('a', task(source(slow)));
    expect(scheduler.view('a')).toMatchObject({ state: 'never', message: 'Not read yet.', failures: 0 });
    await clock.pass(33_500);
    expect(polled.length).toBe(4);
    expect(scheduler.view('a')).toMatchObject({ state: 'live', message: 'Seen.' });
  });

  it('turns late at the first failure, down when the silence is long, and live again with the next answer', async () => {
    const { clock, scheduler } = bench();
    let broken = false;
    scheduler.set(
      'a',
      task(
        source(async () => {
          if (broken) throw new SourceFailure('prometheus refuses the connection.');
          return OK;
        }),
      ),
    );
    await clock.pass(1000);
    const answered = scheduler.view('a')!.lastSuccessAt!;
    broken = true;
    await clock.pass(10_000);
    expect(scheduler.view('a')).toMatchObject({
      state: 'late',
      message: 'prometheus refuses the connection.',
      lastSuccessAt: answered,
    });
    expect(scheduler.view('a')!.failures).toBeGreaterThan(0);
    await clock.pass(21_000);
    expect(scheduler.view('a')!.state).toBe('down');
    broken = false;
    await clock.pass(60_000);
    expect(scheduler.view('a')).toMatchObject({ state: 'live', failures: 0, message: 'Seen.' });
  });

  it('turns late and then down although nothing ever answers or fails', async () => {
    const { clock, scheduler } = bench();
    let calls = 0;
    const silent = source((signal) => {
      calls++;
      if (calls === 1) return Promise.resolve(OK);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    scheduler.set('a', task(silent, 10_000, 60_000));
    await clock.pass(14_000);
    expect(scheduler.view('a')!.state).toBe('live');
    await clock.pass(2_000);
    expect(scheduler.view('a')).toMatchObject({ state: 'late', message: 'Waiting for an answer for 6 s.' });
    await clock.pass(15_000);
    expect(scheduler.view('a')!.state).toBe('down');
    expect(calls).toBe(2);
    await clock.pass(40_000);
    expect(scheduler.view('a')).toMatchObject({ state: 'down', failures: 1, message: 'No answer within 1 min.' });
  });

  it('is down, not never, when nothing was heard for three intervals since it was added', async () => {
    const { clock, scheduler } = bench();
    scheduler.set('a', task(source(async () => Promise.reject(new SourceFailure('no such host')))));
    await clock.pass(5_000);
    expect(scheduler.view('a')).toMatchObject({ state: 'never', message: 'no such host.' });
    await clock.pass(30_000);
    expect(scheduler.view('a')!.state).toBe('down');
  });

  it('never lets one source delay another, and never reads one twice at a time', async () => {
    const { clock, scheduler, polled } = bench();
    let inFlight = 0;
    let most = 0;
    const stuck = source(async () => {
      most = Math.max(most, ++inFlight);
      await new Promise<void>((resolve) => void clock.after(60_000, resolve));
      inFlight--;
      return OK;
    });
    scheduler.set('stuck', task(stuck, 1_000, 300_000));
    scheduler.set(
      'quick',
      task(
        source(async () => OK),
        1_000,
      ),
    );
    for (let n = 0; n < 20; n++) {
      scheduler.pollNow('stuck');
      await clock.pass(1_000);
    }
    expect(polled.filter((id) => id === 'quick').length).toBeGreaterThanOrEqual(20);
    expect(most).toBe(1);
  });

  it('gives up a source that does not stop when it is told to, and makes it anew', async () => {
    const { clock, scheduler } = bench();
    const made: (Source & { closed: boolean })[] = [];
    const create = async () => {
      const deaf = source(() => (made.length === 1 ? new Promise(() => {}) : Promise.resolve(OK)));
      made.push(deaf);
      return deaf;
    };
    scheduler.set('a', { timing: { intervalMs: 10_000, timeoutMs: 5_000 }, create });
    await clock.pass(5_500);
    expect(made.length).toBe(1);
    await clock.pass(30_000);
    expect(made[0]!.closed).toBe(true);
    expect(made.length).toBe(2);
    expect(scheduler.view('a')).toMatchObject({ state: 'live' });
  });

  it('waits longer after each failure, with full jitter, and obeys a server that asks for more', async () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 9, 40].map((failures) => backoff(failures, 1000, 60_000, () => random));
    expect(waits(0.999)).toEqual([999, 1998, 3996, 7992, 59_940, 59_940]);
    expect(waits(0)).toEqual([250, 250, 250, 250, 250, 250]);

    const { clock, scheduler } = bench();
    scheduler.set('a', task(source(async () => Promise.reject(new SourceFailure('429', { retryAfterMs: 120_000 })))));
    await clock.pass(100);
    expect(scheduler.view('a')!.nextTryAt! - scheduler.view('a')!.lastTryAt!).toBe(120_000);
  });

  it('reads everything at once after a sleep, also what was in flight and what was backing off', async () => {
    const { clock, scheduler, polled } = bench();
    let asleep = false;
    scheduler.set(
      'flight',
      task(
        source((signal) =>
          asleep
            ? Promise.resolve(OK)
            : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
        ),
        10_000,
        9_000,
      ),
    );
    scheduler.set(
      'backoff',
      task(
        source(async () => {
          if (!asleep) throw new SourceFailure('no network');
          return OK;
        }),
        1_000,
      ),
    );
    scheduler.set(
      'waiting',
      task(
        source(async () => OK),
        3_600_000,
      ),
    );
    await clock.pass(5_000);
    polled.length = 0;
    clock.sleep(8 * 3_600_000);
    asleep = true;
    await clock.pass(2_500);
    expect([...new Set(polled)].sort()).toEqual(['backoff', 'flight', 'waiting']);
  });

  it('reads again when the wall clock was set back, and does not call it late for that', async () => {
    const { clock, scheduler, polled } = bench();
    scheduler.set('a', task(source(async () => OK)));
    await clock.pass(1_500);
    polled.length = 0;
    clock.set(clock.now() - 3_600_000);
    await clock.pass(2_500);
    expect(polled).toEqual(['a']);
    expect(scheduler.view('a')!.state).toBe('live');
  });

  it('stops at once: nothing is read or reported afterwards', async () => {
    const { clock, scheduler, polled } = bench();
    let resolve: (polled: Polled) => void = () => {};
    const pending = source(() => new Promise((done) => (resolve = done)));
    scheduler.set('a', task(pending));
    await clock.pass(1);
    scheduler.stop();
    resolve(OK);
    await clock.pass(60_000);
    expect(polled).toEqual([]);
    expect(pending.closed).toBe(true);
    expect(scheduler.view('a')).toBeNull();
  });

  it('reports a source that throws what is no error, in a sentence', async () => {
    const { clock, scheduler } = bench();
    scheduler.set('a', task(source(async () => Promise.reject('out of\nluck'))));
    await clock.pass(1);
    expect(scheduler.view('a')!.message).toBe('out of luck.');
  });
});
