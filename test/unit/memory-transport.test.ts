import { describe, expect, it } from 'vitest';
import { TransportFailure } from '../../electron/engine/sync/transport.ts';
import { MemoryPlace } from '../support/memory-transport.ts';

const message = (id: string, console = 'aaaaaaaaaaaaaaaa') => ({ console, id, body: Buffer.from(id) });

describe('the place in memory keeps the promises of a transport', () => {
  it('stores in order, knows what it has, and hands over from a number on, also what comes later', async () => {
    const place = new MemoryPlace();
    const here = place.open();
    const there = place.open();
    expect(await here.publish(message('one'))).toEqual({ seq: 1, duplicate: false });
    expect(await here.publish(message('one'))).toEqual({ seq: 1, duplicate: true });
    await here.publish(message('two'));
    const reading = there.read(1, new AbortController().signal)[Symbol.asyncIterator]();
    expect(await reading.next()).toMatchObject({ value: { seq: 2, pending: 0 } });
    const next = reading.next();
    await here.publish(message('three'));
    expect(await next).toMatchObject({ value: { seq: 3 } });
    expect(await there.newestOf('aaaaaaaaaaaaaaaa')).toMatchObject({ seq: 3 });
  });

  it('ends a reading when it is cut, and says why', async () => {
    const place = new MemoryPlace();
    const here = place.open();
    const reading = here.read(0, new AbortController().signal)[Symbol.asyncIterator]();
    const next = reading.next();
    place.cut();
    await expect(next).rejects.toBeInstanceOf(TransportFailure);
    expect((await here.closed)?.kind).toBe('unreachable');
  });
});
