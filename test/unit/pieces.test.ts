import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Store } from '../../electron/engine/store/store.ts';
import { Pieces } from '../../electron/engine/sync/pieces.ts';
import { pack } from '../../electron/engine/sync/wire.ts';
import { AUTHOR, enrol, memoryPeer, notes, tick, type Peer } from '../support/exchange.ts';

const sent = ({ store, identity }: Peer, from: number) => new Pieces(store, identity).own(from);

/** As a console that was opened again reads it, which has only the log. */
const read = ({ opened, identity }: Peer, from: number) =>
  new Pieces(new Store(opened, identity, tick), identity).own(from);

describe('a message with own ops', () => {
  it('holds the same whether it leaves at once or is read from the log', () => {
    const here = memoryPeer();
    for (const count of [1, 3, 40, 1, 200, 1, 900, 1]) {
      const before = here.store.head?.seq ?? 0;
      here.store.commit(AUTHOR, (tx) => {
        for (let n = 0; n < count; n++)
          tx.append({ scope: 'i00000001', type: 'entry.note', payload: { text: `note ${n} of ${count}` } });
      });
      const from = before + 1;
      expect(sent(here, from)).toEqual(read(here, from));
      expect(sent(here, here.store.head!.seq)).toEqual(read(here, here.store.head!.seq));
      expect(sent(here, here.store.head!.seq + 1)).toBeNull();
    }
  });

  it('is taken by a console that has what came before', () => {
    const [here, there] = [memoryPeer(), memoryPeer()];
    enrol(there, here);
    notes(here, 'i00000001', 5);
    there.store.ingest([sent(here, 1)!.slice], 'hub');
    notes(here, 'i00000001', 1);
    expect(there.store.ingest([sent(here, 6)!.slice], 'hub')).toMatchObject({ applied: 1, quarantined: [] });
  });

  it('fits into what a server takes by default, however little of it can be compressed', () => {
    const here = memoryPeer();
    here.store.commit(AUTHOR, (tx) => {
      for (let n = 0; n < 150; n++)
        tx.append({
          scope: 'i00000001',
          type: 'entry.note',
          payload: { text: randomBytes(14_000).toString('base64') },
        });
    });
    let next = 1;
    for (let piece = sent(here, next); piece; piece = sent(here, next)) {
      expect(pack(piece.slice).length).toBeLessThan(1024 * 1024 - 4096);
      next = piece.slice.last + 1;
    }
    expect(next).toBe(151);
  });
});
