/** Copying and compressing the database for a snapshot, in a worker thread; its maker signs what comes back. */
import { createHash } from 'node:crypto';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { HeadOf } from '../bundles/format.ts';
import { copyDatabase, headsOf } from '../record/backups.ts';
import { decryptFile, type Vault } from '../rest/vault.ts';
import { closeSealed } from '../restricted/clear.ts';
import type { Sqlite } from '../store/database.ts';
import { Log } from '../store/log.ts';
import { TRAVELS } from './format.ts';
import { shapeAt, shapeOf } from './shape.ts';

export interface Copied {
  heads: HeadOf[];
  ops: number;
  schema: number;
  bytes: number;
  sha256: string;
}

/** Writes the compressed database to `path`. @throws Refusal when this log is not whole */
export async function writeSnapshot(
  db: Sqlite,
  { path }: { path: string },
  _progress: unknown,
  vault: Vault,
): Promise<Copied> {
  const draft = `${path}.db`;
  try {
    await copyDatabase(db, draft, vault);
    const copied = strip(draft, vault);
    if (vault.key) await decryptFile(draft, vault.key);
    const { size: bytes } = statSync(draft);
    const file = await open(draft);
    // Where the system allows it nothing has its name any more while it is packed, which takes longest.
    if (vault.key) await rm(draft).catch(() => undefined);
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(
      file.createReadStream({ highWaterMark: 1024 * 1024 }),
      hashed,
      createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
      createWriteStream(path),
    );
    return { ...copied, bytes, sha256: hash.digest('hex') };
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  }
}

/** Takes out of a copy what belongs to its maker alone, and leaves no room where it was. */
function strip(path: string, vault: Vault): Pick<Copied, 'heads' | 'ops' | 'schema'> {
  const copy = vault.open(path);
  try {
    if (copy.prepare('SELECT EXISTS (SELECT 1 FROM link)').pluck().get() === 1)
      throw new Refusal(
        'refused',
        'This console holds only parts of what some consoles wrote, because it took a bundle of one incident; a snapshot is made where everything is.',
      );
    copy.pragma('journal_mode = DELETE');
    copy.pragma('synchronous = OFF');
    copy.pragma('foreign_keys = OFF');
    copy.pragma('secure_delete = ON');
    copy.exec("INSERT INTO search (search) VALUES ('delete-all')");
    closeSealed(copy);
    const schema = copy.pragma('user_version', { simple: true }) as number;
    const ours = new Set(shapeAt(schema).map(([, name]) => name));
    for (const [type, name] of shapeOf(copy)) {
      if (type !== 'table' || TRAVELS.includes(name) || name.startsWith('search') || name.startsWith('sqlite_'))
        continue;
      // What sources keep for themselves is in tables that no migration makes.
      copy.exec(ours.has(name) ? `DELETE FROM "${name}"` : `DROP TABLE "${name}"`);
    }
    // The rules by which the tables were filled, and where its maker stopped reading each stream.
    copy.exec("DELETE FROM meta WHERE key <> 'rules'; UPDATE console SET ahead = 0; UPDATE place SET heard = 0;");
    copy.exec('VACUUM');
    return {
      heads: headsOf(copy),
      ops: new Log(copy).count(),
      schema,
    };
  } finally {
    copy.close();
  }
}
