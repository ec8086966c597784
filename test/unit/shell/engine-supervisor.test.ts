import { expect, test } from 'vitest';
import {
  EngineSupervisor,
  type EngineProcess,
  type FromEngine,
  type Timers,
  type ToEngine,
} from '../../../electron/main/engine.ts';

const CALLER = { id: 'a window', kind: 'window' } as const;

/** An engine process that does what the test says and remembers what it was sent. */
class FakeEngine implements EngineProcess {
  readonly pid = 1;
  readonly calls: (ToEngine & { type: 'call' })[] = [];
  shutdown = false;
  killed = false;
  #onMessage: ((message: FromEngine) => void)[] = [];
  #onExit: ((code: number) => void)[] = [];

  postMessage(message: ToEngine): void {
    if (message.type === 'call') this.calls.push(message);
    else if (message.type === 'shutdown') this.shutdown = true;
  }
  onMessage(listener: (message: FromEngine) => void): void {
    this.#onMessage.push(listener);
  }
  onExit(listener: (code: number) => void): void {
    this.#onExit.push(listener);
  }
  kill(): void {
    this.killed = true;
    this.exit(9);
  }
  say(message: FromEngine): void {
    for (const listener of this.#onMessage) listener(message);
  }
  ready(): void {
    this.say({ type: 'ready', revision: 0 });
  }
  answer(index: number, value: unknown): void {
    this.say({ type: 'reply', id: this.calls[index]!.id, reply: { ok: true, value } });
  }
  exit(code: number): void {
    for (const listener of this.#onExit.splice(0)) listener(code);
  }
}

function setUp() {
  let clock = 1_000_000;
  let timers: { at: number; work: () => void }[] = [];
  const fakeTimers: Timers = {
    now: () => clock,
    after(ms, work) {
      const timer = { at: clock + ms, work };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
  };
  const engines: FakeEngine[] = [];
  const supervisor = new EngineSupervisor(
    () => {
      engines.push(new FakeEngine());
      return engines.at(-1)!;
    },
    fakeTimers,
    () => undefined,
  );
  supervisor.start();
  return {
    supervisor,
    engines,
    get engine() {
      return engines.at(-1)!;
    },
    /** Lets `ms` pass and runs what fell due. */
    pass(ms: number) {
      clock += ms;
      const due = timers.filter((timer) => timer.at <= clock);
      timers = timers.filter((timer) => timer.at > clock);
      for (const timer of due) timer.work();
    },
  };
}

test('a call made before the engine is ready waits for it', async () => {
  const world = setUp();
  const reply = world.supervisor.call('status', {}, CALLER);
  expect(world.engine.calls).toHaveLength(0);
  world.engine.ready();
  world.engine.answer(0, 'hello');
  expect(await reply).toEqual({ ok: true, value: 'hello' });
});

test('a call in flight at a death is sent to the successor under the same id, in the old order', async () => {
  const world = setUp();
  world.engine.ready();
  const replies = ['a', 'b', 'c'].map((text) => world.supervisor.call('incident.say', { text }, CALLER));
  const [first] = world.engines;
  first!.answer(1, 'done');
  first!.exit(139);
  expect(world.supervisor.status.state).toBe('restarting');
  world.pass(0);
  expect(world.engines).toHaveLength(2);
  world.engine.ready();
  expect(world.engine.calls.map(({ id }) => id)).toEqual([first!.calls[0]!.id, first!.calls[2]!.id]);
  world.engine.answer(0, 'once');
  world.engine.answer(1, 'twice');
  expect(await Promise.all(replies)).toEqual(['once', 'done', 'twice'].map((value) => ({ ok: true, value })));
});

test('what a dead engine still says is not heard', async () => {
  const world = setUp();
  world.engine.ready();
  const reply = world.supervisor.call('status', {}, CALLER);
  const [first] = world.engines;
  first!.exit(1);
  first!.answer(0, 'from the grave');
  world.pass(0);
  world.engine.ready();
  world.engine.answer(0, 'alive');
  expect(await reply).toEqual({ ok: true, value: 'alive' });
});

test('waits longer after every death, and starts afresh after a quiet minute', () => {
  const world = setUp();
  const waits: number[] = [];
  for (let death = 0; death < 7; death += 1) {
    const before = world.engines.length;
    world.engine.exit(1);
    let waited = 0;
    world.pass(0);
    while (world.engines.length === before) {
      world.pass(50);
      waited += 50;
    }
    waits.push(waited);
  }
  expect(waits).toEqual([0, 250, 1000, 2000, 5000, 10_000, 10_000]);
  world.engine.ready();
  world.pass(60_000);
  world.engine.exit(1);
  world.pass(0);
  expect(world.engines).toHaveLength(9);
});

test('a call that was there at three deaths is given up with an honest sentence; the others go on', async () => {
  const world = setUp();
  world.engine.ready();
  const poison = world.supervisor.call('rebuild', {}, CALLER);
  for (let death = 0; death < 3; death += 1) {
    world.engine.exit(1);
    world.pass(10_000);
    world.engine.ready();
  }
  expect(await poison).toMatchObject({
    ok: false,
    code: 'internal',
    retryable: false,
    message: expect.stringContaining('rebuild'),
  });
  const next = world.supervisor.call('status', {}, CALLER);
  world.engine.answer(0, 'fine');
  expect(await next).toEqual({ ok: true, value: 'fine' });
});

test('an engine that asks for a successor gets one at once, and it counts as no death', async () => {
  const world = setUp();
  for (let turn = 0; turn < 5; turn += 1) {
    world.engine.ready();
    const waiting = world.supervisor.call('status', {}, CALLER);
    world.engine.exit(75);
    expect(world.engines).toHaveLength(turn + 2);
    expect(world.supervisor.status.state).toBe('restarting');
    world.engine.ready();
    world.engine.answer(0, turn);
    expect(await waiting).toEqual({ ok: true, value: turn });
  }
});

test('a data folder that cannot be opened refuses every call with its sentence, and can be tried again', async () => {
  const world = setUp();
  const early = world.supervisor.call('status', {}, CALLER);
  world.engine.say({ type: 'fatal', message: 'The disk is full.' });
  expect(world.supervisor.status).toMatchObject({ state: 'fatal', message: 'The disk is full.' });
  const refusal = { ok: false, code: 'storage', message: 'The disk is full.', retryable: true };
  expect(await early).toEqual(refusal);
  expect(await world.supervisor.call('status', {}, CALLER)).toEqual(refusal);

  const [first] = world.engines;
  world.supervisor.retry();
  expect(first!.killed).toBe(true);
  expect(world.engines).toHaveLength(2);
  expect(world.supervisor.status.state).toBe('starting');
  world.engine.ready();
  expect(world.supervisor.status.state).toBe('ready');
});

test('trying again means nothing while the engine works', () => {
  const world = setUp();
  world.engine.ready();
  world.supervisor.retry();
  expect(world.engines).toHaveLength(1);
  expect(world.engine.killed).toBe(false);
});

test('closing lets the engine finish, answers what is left, and starts no other', async () => {
  const world = setUp();
  world.engine.ready();
  const open = world.supervisor.call('rebuild', {}, CALLER);
  const stopped = world.supervisor.stop(5000);
  expect(world.engine.shutdown).toBe(true);
  world.engine.exit(0);
  await stopped;
  expect(await open).toMatchObject({ ok: false, retryable: true });
  world.pass(60_000);
  expect(world.engines).toHaveLength(1);
});

test('an engine that does not close in time is ended', async () => {
  const world = setUp();
  world.engine.ready();
  const stopped = world.supervisor.stop(5000);
  world.pass(5000);
  await stopped;
  expect(world.engine.killed).toBe(true);
});
