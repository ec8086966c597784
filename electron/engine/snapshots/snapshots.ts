/**
 * Making a snapshot, and beginning from one. Invariants: only one that a console signed which counts here is taken, and
 * nothing that this console wrote itself is lost by it; it is put in place between two openings, as a restoration is.
 *
 * Who joins calls `loadSnapshot` as soon as the maker counts: the console that invited is enrolled by the newcomer itself.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SnapshotView } from '../../../shared/contract/snapshot.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { rawKey, signText } from '../access/identity.ts';
import type { Context } from '../context.ts';
import { fileName, targetOf, writeWhole } from '../exports/files.ts';
import { askingOf, organisationOf } from '../joining/membership.ts';
import { labelText, SNAPSHOT_EXTENSION, SNAPSHOT_FORMAT, type Label } from './format.ts';
import { rememberBegun } from './begun.ts';
import type { Unpacked } from './read.ts';

/** @throws Refusal when there is nothing to write, parts are missing, or the disk does not take it */
export async function makeSnapshot(context: Context, input: Parsed<'snapshot.make'>): Promise<SnapshotView> {
  const stamp = new Date(context.now()).toISOString().slice(0, 16).replace(':', '-');
  const name = `${fileName(context.estate.profile.name || 'holdfast', stamp)}${SNAPSHOT_EXTENSION}`;
  const path = await targetOf(input.to, name);
  return viewOf(context, path, { ...(await writeFileOf(context, path, input.replace)), vouched: true });
}

/** Writes the file. @throws Refusal as `makeSnapshot` */
export async function writeFileOf(
  context: Context,
  path: string,
  replace: boolean,
): Promise<Omit<Unpacked, 'vouched'>> {
  const { store, identity, now, tasks, vault } = context;
  if (store.opCount === 0) throw new Refusal('refused', 'There is nothing to write: the log is empty.');
  const made = now();
  const { bytes, value } = await writeWhole(path, replace, async (draft) => {
    // What lies in an encrypted folder alone is not to be left on another disk by a kill.
    const packed = `${vault.key ? join(await passingFolder(context), `leaving-${basename(draft)}`) : draft}.packed`;
    try {
      const copied = await tasks.run('snapshot.write', { path: packed });
      const own = organisationOf(store);
      const body = {
        ...{ holdfast: 'snapshot' as const, format: SNAPSHOT_FORMAT, made, console: store.console },
        key: rawKey(identity.publicKey).toString('base64url'),
        organisation: own?.name ?? context.estate.profile.name,
        ...(own ? { organisationId: own.id } : {}),
        program: context.version,
        ...copied,
        signature: '',
      };
      const label: Label = {
        ...body,
        signature: signText(identity.privateKey, labelText(body)).toString('base64url'),
      };
      await writeFile(draft, `${JSON.stringify(label)}\n`);
      await pipeline(createReadStream(packed), createWriteStream(draft, { flags: 'a' }));
      return label;
    } finally {
      await rm(packed, { force: true });
    }
  });
  return { label: value, bytes };
}

/** Looks through a snapshot without taking it. @throws Refusal with what is wrong with it */
export async function checkSnapshot(context: Context, path: string): Promise<SnapshotView> {
  const { unpacked, into } = await unpack(context, path);
  await rm(into, { force: true });
  return viewOf(context, path, unpacked);
}

/**
 * Orders that this console goes on from a snapshot, together with what it wrote itself, and starts the engine again to do so.
 * The record is verified behind that start, and what came later is read at the hub from where the maker had stopped.
 * @throws Refusal with what is wrong with the file; then nothing was changed.
 */
export async function loadSnapshot(context: Context, path: string, by: string): Promise<SnapshotView> {
  const { store, now } = context;
  const { unpacked, into } = await unpack(context, path);
  const { label } = unpacked;
  try {
    refuse(context, unpacked, basename(path));
    await context.record.orderFile(into, by);
  } catch (error) {
    await rm(into, { force: true });
    throw error;
  }
  const taken = viewOf(context, path, unpacked);
  const { made, console, ops } = label;
  rememberBegun(store, { at: now(), made, console, ops, whole: false });
  context.restart();
  return taken;
}

function refuse({ store }: Context, { label, vouched }: Unpacked, name: string): void {
  const { console, organisation, organisationId } = label;
  const { access } = store.standing(console);
  if (console !== store.console && (access === 'revoked' || !vouched))
    throw new Refusal(
      'refused',
      `${name} was made by console ${console}, which ${access === 'revoked' ? 'was revoked' : 'is not enrolled here, nor by a console that counts here'}: a snapshot is taken only from a console that counts. Nothing of it was taken.`,
    );
  const own = organisationOf(store)?.id ?? askingOf(store)?.organisation;
  if (own !== undefined && organisationId !== undefined && own !== organisationId)
    throw new Refusal(
      'refused',
      `${name} is of another organisation, ${organisation} (${organisationId}); this console belongs to ${own}. Nothing of it was taken.`,
    );
}

/** Checks and unpacks a file; whoever calls takes the database away. @throws Refusal with what is wrong with it */
export async function unpack(context: Context, path: string): Promise<{ unpacked: Unpacked; into: string }> {
  const into = join(await passingFolder(context), `unpacked-${context.now()}-${process.hrtime.bigint()}.db`);
  return { unpacked: await context.tasks.run('snapshot.read', { path, into }), into };
}

/** Where snapshots lie while they come and go; swept when the data folder is opened. */
export async function passingFolder({ paths }: Pick<Context, 'paths'>): Promise<string> {
  const folder = join(paths.data, 'snapshots');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export function viewOf({ store }: Context, path: string, { label, bytes }: Unpacked): SnapshotView {
  const { made, console, organisation, ops, heads } = label;
  const name = console === store.console ? 'This console' : store.entity('console', ESTATE, console)?.doc['name'];
  return {
    ...{ path, bytes, unpacked: label.bytes, made, console, organisation, ops },
    name: typeof name === 'string' ? name : '',
    consoles: heads.length,
  };
}
