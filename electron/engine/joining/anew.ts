/**
 * Beginning with an empty log and a new key, while what was here is kept whole in a folder beside. Invariant: whenever it is
 * broken off, the next opening goes on where it stood; nothing is deleted, and the folder can be opened by itself.
 *
 * It is done between two openings, when nobody has the database open. What was to be done then is kept with the
 * credentials, because it may hold some.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Settings } from '../../../shared/contract/console.ts';
import type { Context } from '../context.ts';
import { KEY_FILE, MARK_FILE } from '../rest/vault.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { ANEW_FILE } from './files.ts';

const CREDENTIAL = 'anew';

const Order = z.object({
  /** Name of the folder, in the data folder. */
  aside: z.string().regex(/^aside-[0-9TZ-]+$/),
  moved: z.boolean(),
  settings: Settings,
});
type Order = z.infer<typeof Order>;

const Next = z.object({
  command: z.enum(['console.join', 'organisation.found']),
  input: z.record(z.string(), z.unknown()),
});

/** Everything that belongs to this log and this key. */
const BELONGS = (name: string): boolean =>
  name.startsWith(DATABASE_FILE) || ['keys', 'backups', 'witness.json'].includes(name);

function readOrder(data: string): Order | null {
  const file = join(data, ANEW_FILE);
  if (!existsSync(file)) return null;
  try {
    return Order.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function writeOrder(data: string, order: Order): void {
  const file = join(data, ANEW_FILE);
  writeFileSync(`${file}.new`, JSON.stringify(order), { flush: true });
  renameSync(`${file}.new`, file);
}

/** Orders it, and `command` after it; returns the folder where what is here will lie. */
export async function beginAnew(
  context: Context,
  command: z.infer<typeof Next>['command'],
  input: Record<string, unknown>,
): Promise<string> {
  const { paths, sources, sync, settings } = context;
  const aside = `aside-${new Date(context.now()).toISOString().replaceAll(/[:.]/g, '-')}`;
  await sources.credentials.set(CREDENTIAL, JSON.stringify({ command, input }), CREDENTIAL);
  // The hub's credential is that of what is left behind.
  if (command === 'console.join' && sync.config) await sync.configure(null);
  writeOrder(paths.data, { aside, moved: false, settings: { ...settings, actingAs: null } });
  context.restart();
  return join(paths.data, aside);
}

/** Moves what is here aside when that was ordered. Nobody may have the folder open. */
export function moveAside(data: string): void {
  const order = readOrder(data);
  if (!order || order.moved) return;
  const target = join(data, order.aside);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  // An encrypted folder stays encrypted, with the same key, and what lies aside opens by itself.
  const encrypted = existsSync(join(data, KEY_FILE));
  if (encrypted) copyFileSync(join(data, KEY_FILE), join(target, KEY_FILE));
  for (const name of readdirSync(data)) if (BELONGS(name)) renameSync(join(data, name), join(target, name));
  if (encrypted) keepMark(data, target);
  writeOrder(data, { ...order, moved: true });
}

/** What says that a folder has a key goes with its keys; this one has one still. */
function keepMark(data: string, aside: string): void {
  mkdirSync(dirname(join(data, MARK_FILE)), { recursive: true, mode: 0o700 });
  copyFileSync(join(aside, MARK_FILE), join(data, MARK_FILE));
}

/** Does what was to be done on the empty log, once. */
export async function finishAnew(
  context: Context,
  run: (command: string, input: unknown) => Promise<{ ok: boolean; message?: string }>,
): Promise<void> {
  const { paths, sources } = context;
  const order = readOrder(paths.data);
  if (!order?.moved) return;
  let text: string | null;
  try {
    text = await sources.credentials.get(CREDENTIAL, CREDENTIAL);
  } catch (error) {
    // Closed by a keychain that is not here: whoever opens the folder with it goes on.
    console.error((error as Error).message);
    return;
  }
  context.saveSettings(order.settings);
  if (text !== null) {
    const { command, input } = Next.parse(JSON.parse(text));
    const reply = await run(command, input);
    if (!reply.ok) console.error(reply.message);
    await sources.credentials.set(CREDENTIAL, null, CREDENTIAL);
  }
  rmSync(join(paths.data, ANEW_FILE), { force: true });
}
