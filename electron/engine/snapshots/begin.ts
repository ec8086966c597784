/**
 * Catching up by what lies at the hub, before a place's messages are read. A console that has next to nothing goes on from
 * the newest snapshot, together with what it wrote itself, and reads on from where the snapshot's maker had stopped; one
 * that was away for so long that the place let go of messages that it never read takes the missing ops out of a snapshot,
 * each with its author's signature, as if they had been read. Whatever is wrong with a snapshot costs one sentence, and the
 * messages are read instead.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import type { CatchUp } from '../sync/link.ts';
import { fillFrom } from './fill.ts';
import { fetchShelved, offered, type Offered } from './shelf.ts';
import { loadSnapshot, passingFolder, unpack } from './snapshots.ts';

/** With at most so many ops a console is new. */
const NEW_OPS = 5000;
/** So many ops more a snapshot has to hold to be quicker than reading them. */
const WORTH_OPS = 20_000;
/** How many are tried. */
const TRIES = 3;

export async function catchUp(context: Context, place: Parameters<CatchUp>[0]): Promise<void> {
  const { store, vault } = context;
  const { transport, cursor, probe, signal } = place;
  const isNew = store.opCount <= NEW_OPS && cursor < probe.last;
  const lacks = cursor + 1 < probe.first;
  if ((!isNew && !lacks) || !store.writable) return;
  const worth = (file: Offered) => file.note !== null && (lacks || file.note.ops >= store.opCount + WORTH_OPS);
  const files = (await offered(store, transport)).filter((file) => file.problem !== null || worth(file));
  const folder = await passingFolder(context);
  let tried = 0;
  for (const file of files) {
    if (signal.aborted || tried === TRIES) return;
    if (file.problem !== null) {
      place.refused(`The snapshot ${file.name} ${file.problem}; it is left alone.`);
      continue;
    }
    tried++;
    const path = join(folder, `fetched-${context.now()}-${process.hrtime.bigint()}`);
    const { made, ops } = file.note!;
    try {
      const told = (done: number) => place.fetching({ done, total: file.bytes, ops, made });
      told(0);
      await fetchShelved(transport, file, path, signal, told);
      if (isNew && file.note!.ops >= store.opCount + WORTH_OPS) {
        await loadSnapshot(context, path, 'This console, which is new,');
        await rm(path, { force: true });
        // The engine starts again; nothing is read any more in this life.
        return await new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      }
      const { into } = await unpack(context, path);
      await rm(path, { force: true });
      try {
        await fillFrom(store, vault.open(into, { readonly: true }), file.name, signal);
        return;
      } finally {
        await rm(into, { force: true });
      }
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'storage') throw error;
      place.refused(
        `${error.message.replaceAll(path.slice(folder.length + 1), file.name)} What was written is read message by message instead.`,
      );
    } finally {
      place.fetching(null);
      await rm(path, { force: true });
    }
  }
}
