/**
 * What bundles that went out or came in say of the chains. Invariant: kept in a file beside the database, because a
 * database that was cut or set back cannot bear witness against itself; of each console only the furthest head, which
 * vouches for all before it.
 */
import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonical } from '../../../shared/ops/canonical.ts';
import { isSigned, signText, type Identity } from '../access/identity.ts';
import type { Witness } from '../record/verify.ts';
import { HeadOf } from './format.ts';

const FILE = 'witness.json';

const Remembered = z.object({
  format: z.literal(1),
  heads: z.array(HeadOf.extend({ where: z.string(), at: z.int() })),
  /** Ed25519 by this console's key, base64url. */
  signature: z.string(),
});
type Remembered = z.infer<typeof Remembered>;

const signedText = (heads: Remembered['heads']): string => `holdfast witness 1 ${canonical(heads)}`;

/** The heads that are remembered; none when the file is not there or not what this console wrote. */
export function witnessesBeside(data: string, { publicKey }: Pick<Identity, 'publicKey'>): Witness[] {
  try {
    const { heads, signature } = Remembered.parse(JSON.parse(readFileSync(join(data, FILE), 'utf8')));
    return isSigned(publicKey, signedText(heads), Buffer.from(signature, 'base64url')) ? heads : [];
  } catch {
    return [];
  }
}

/** Remembers `heads`; of two of one console the further one. */
export async function rememberHeads(data: string, identity: Identity, heads: readonly Witness[]): Promise<void> {
  const furthest = new Map(witnessesBeside(data, identity).map((head) => [head.console, head]));
  for (const { where, console, seq, head, at } of heads) {
    if ((furthest.get(console)?.seq ?? 0) < seq) furthest.set(console, { where, console, seq, head, at });
  }
  const kept = [...furthest.values()].sort((a, b) => (a.console < b.console ? -1 : 1));
  const remembered: Remembered = {
    format: 1,
    heads: kept,
    signature: signText(identity.privateKey, signedText(kept)).toString('base64url'),
  };
  const draft = join(data, `${FILE}.part`);
  try {
    await writeFile(draft, JSON.stringify(remembered), { flush: true, mode: 0o600 });
    await rename(draft, join(data, FILE));
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
