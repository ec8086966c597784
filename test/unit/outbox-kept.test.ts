/** What is not sent again to a place that let old messages go. */
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../electron/engine/sync/outbox.ts';
import { Pieces } from '../../electron/engine/sync/pieces.ts';
import { MemoryPlace } from '../support/memory-transport.ts';
import { SimConsole } from '../simulation/sync/model.ts';

describe('a place of which the oldest messages are gone', () => {
  it('is sent nothing that it confirmed in this same stream, nor what lies there in a snapshot', async () => {
    const here = new SimConsole(0, () => 1_780_000_000_000);
    const write = () =>
      here.store.commit({ actor: 'ana', zone: 'UTC' }, (tx) =>
        tx.append({ scope: 'i1', type: 'entry.note', payload: { text: 'note' } }),
      );
    for (let n = 0; n < 5; n++) write();
    const place = new MemoryPlace();
    const has = async (
      through: number | null,
      kept: Map<string, { seq: number; head: string }> | null,
    ): Promise<number> => {
      const memory = new Map(through === null ? [] : [[here.id, through]]);
      const { store, identity } = here;
      const outbox = new Outbox(
        {
          ...{ store, pieces: new Pieces(store, identity), through: memory, patienceMs: () => 0 },
          ...{ kept: kept && (async () => kept), sent: () => undefined, blocked: () => undefined },
        },
        place.open(),
      );
      await outbox.compare(here.id);
      return memory.get(here.id)!;
    };
    const head = (seq: number) => new Map([[here.id, { seq, head: here.store.log.idAt(here.id, seq)! }]]);
    // One that never let a message go, and has none: it was wiped.
    expect(await has(5, null)).toBe(0);
    expect(await has(5, new Map())).toBe(5);
    expect(await has(null, head(3))).toBe(3);
    expect(await has(2, head(4))).toBe(4);
    // Another op under that number: not our chain.
    expect(await has(null, new Map([[here.id, { seq: 3, head: here.store.log.idAt(here.id, 2)! }]]))).toBe(0);
    here.db.close();
  });
});
