/**
 * Snapshots at the hub. Invariants: two are kept, so that one that is being fetched is not taken away by the next; only
 * those count whose note a console signed that is enrolled here, and a file is never taken away for one that does not.
 */
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SharedSnapshot, SharedSnapshots, SnapshotView } from '../../../shared/contract/snapshot.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import type { HeadOf } from '../bundles/format.ts';
import type { Context } from '../context.ts';
import { consoleName, organisationOf, askingOf } from '../joining/membership.ts';
import { storageRefusal } from '../store/failure.ts';
import type { Store } from '../store/store.ts';
import { TransportFailure, type Shelved, type Transport } from '../sync/transport.ts';
import { Label, labelText, MAX_LABEL, SNAPSHOT_EXTENSION } from './format.ts';
import { readNote, writeNote, type Note } from './note.ts';
import { passingFolder, viewOf, writeFileOf } from './snapshots.ts';

/** How many are kept. */
const KEPT = 2;

export interface Offered extends Shelved {
  note: Note | null;
  /** Why it is not to be taken, in the end of a sentence that begins with its name; null when it may be. */
  problem: string | null;
  /** Whether its maker counts here. One that is not known yet may be vouched for by what is in the file. */
  counts: boolean;
}

/** What lies at the hub, first what counts here, then by how much it holds. */
export async function offered(store: Store, transport: Transport): Promise<Offered[]> {
  const own = organisationOf(store)?.id ?? askingOf(store)?.organisation;
  return (await transport.shelved())
    .map((file): Offered => {
      const { note, problem } = readNote(file.about);
      if (!note) return { ...file, note, problem, counts: false };
      const { access } = store.standing(note.console);
      const wrong =
        access === 'revoked'
          ? `was made by console ${note.console}, which was revoked`
          : own !== undefined && note.organisationId !== undefined && note.organisationId !== own
            ? `is of another organisation, ${note.organisationId}`
            : file.bytes > note.bytes
              ? 'is larger than what it is said to hold'
              : null;
      return { ...file, note, problem: wrong, counts: wrong === null && access === 'enrolled' };
    })
    .sort((a, b) => Number(b.counts) - Number(a.counts) || (b.note?.ops ?? 0) - (a.note?.ops ?? 0));
}

/** @throws Refusal when there is no link to the hub */
function hubOf({ sync }: Pick<Context, 'sync'>): Transport {
  if (sync.transport) return sync.transport;
  throw new Refusal(
    'refused',
    sync.config === null
      ? 'This console has no hub: write the snapshot into a file instead (snapshot make FILE).'
      : 'The hub cannot be reached now: try again when the link stands, or write the snapshot into a file (snapshot make FILE).',
    { retryable: true },
  );
}

/** Makes a snapshot and lays it out at the hub. @throws Refusal in one sentence */
export async function shareSnapshot(context: Context): Promise<SnapshotView> {
  const { store, identity } = context;
  const transport = hubOf(context);
  const path = join(
    await passingFolder(context),
    `leaving-${context.now()}-${process.hrtime.bigint()}${SNAPSHOT_EXTENSION}`,
  );
  try {
    const { label, bytes } = await writeFileOf(context, path, false);
    const name = `${label.made}-${label.console}${SNAPSHOT_EXTENSION}`;
    await transport.shelve(name, writeNote(identity, label), createReadStream(path, { highWaterMark: 512 * 1024 }));
    for (const old of (await offered(store, transport)).filter(({ counts }) => counts).slice(KEPT))
      if (old.name !== name) await transport.unshelve(old.name);
    context.changed(['record', 'link']);
    return viewOf(context, `${transport.where}: ${name}`, { label, bytes, vouched: true });
  } catch (error) {
    throw asRefusal(error);
  } finally {
    await rm(path, { force: true });
  }
}

/** What lies at the hub, for a person; null while the hub cannot be asked. */
export async function sharedSnapshots(context: Context): Promise<SharedSnapshots> {
  const { store, sync } = context;
  if (!sync.transport) return { hub: sync.config?.url ?? null, list: null };
  try {
    const list = await offered(store, sync.transport);
    return {
      hub: sync.transport.where,
      list: list.map(({ name, bytes, note, problem, counts }): SharedSnapshot => ({
        ...{ name, bytes },
        made: note?.made ?? null,
        ops: note?.ops ?? null,
        maker: note && { id: note.console, name: consoleName(store, note.console) },
        problem:
          problem === null
            ? counts
              ? null
              : `Console ${note!.console} is not known here yet: what is in the file has to vouch for it.`
            : `It ${problem}.`,
      })),
    };
  } catch (error) {
    if (error instanceof TransportFailure) return { hub: sync.transport?.where ?? null, list: null };
    throw error;
  }
}

/**
 * Writes a file of the hub to `path`.
 * @param progress bytes so far
 * @throws Refusal, TransportFailure
 */
export async function fetchShelved(
  transport: Transport,
  { name, bytes }: Shelved,
  path: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<void> {
  const pieces = await transport.fromShelf(name);
  if (!pieces) throw new TransportFailure('unreachable', `${name} was taken away meanwhile.`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      let done = 0;
      for await (const piece of pieces) {
        signal.throwIfAborted();
        done += piece.length;
        if (done > bytes) throw new Refusal('bad_input', `${name} is longer than it is said to be.`);
        await file.write(piece);
        progress(done);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Refusal || error instanceof TransportFailure || signal.aborted) throw error;
    throw storageRefusal(error) ?? error;
  }
}

/**
 * Which ops lie at the hub in a snapshot, by console: of the largest one whose maker counts here and signed these heads.
 * Empty when there is none.
 */
export async function keptHeads(store: Store, transport: Transport): Promise<ReadonlyMap<string, HeadOf>> {
  for (const { name, counts } of await offered(store, transport)) {
    if (!counts) break;
    const label = await labelAt(transport, name);
    if (label && store.standing(label.console).access === 'enrolled')
      return new Map(label.heads.map((head) => [head.console, head]));
  }
  return new Map();
}

/** The label of a file at the hub, when its maker signed it. */
async function labelAt(transport: Transport, name: string): Promise<Label | null> {
  const pieces = await transport.fromShelf(name);
  if (!pieces) return null;
  let head = Buffer.alloc(0);
  for await (const piece of pieces) {
    head = Buffer.concat([head, piece]);
    if (piece.includes(10) || head.length > MAX_LABEL) break;
  }
  try {
    const label = Label.parse(JSON.parse(head.toString('utf8', 0, Math.max(0, head.indexOf(10)))));
    const key = Buffer.from(label.key, 'base64url');
    const genuine =
      consoleIdOf(key) === label.console &&
      isSigned(keyFromRaw(key), labelText(label), Buffer.from(label.signature, 'base64url'));
    return genuine ? label : null;
  } catch {
    return null;
  }
}

function asRefusal(error: unknown): unknown {
  return error instanceof TransportFailure
    ? new Refusal('refused', error.message, { retryable: true, cause: error })
    : error;
}
