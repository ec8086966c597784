/** The audit as a signed file. Invariant: its signature covers every line of it, the filter it was made with, and when. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { AuditFilter, AuditLine, type ExportedAudit, type CheckedAudit } from '../../../shared/contract/audit.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { canonical, type Json } from '../../../shared/ops/canonical.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { consoleIdOf, isSigned, keyFromRaw, rawKey, signText } from '../access/identity.ts';
import type { Context } from '../context.ts';
import { fileName, targetOf, writeWhole } from '../exports/files.ts';
import { auditPage } from './index.ts';

const Body = z.object({
  holdfast: z.literal('audit'),
  made: z.int(),
  by: z.string(),
  console: z.string(),
  /** Raw public key, base64url. */
  key: z.string(),
  filter: AuditFilter,
  /** The newest op of each console that was here then. */
  heads: z.array(z.object({ console: z.string(), seq: z.int(), id: z.string() })),
  lines: z.array(AuditLine),
});
const File = z.object({ audit: Body, signature: z.string() });
const PAGE = 1000;
const MAX_FILE = 512 * 1024 * 1024;

const sealed = (body: unknown): string =>
  `holdfast audit\n${createHash('sha256')
    .update(canonical(body as Json))
    .digest('hex')}`;

/** @throws Refusal when there is nothing to write, or the disk does not take it */
export async function exportAudit(
  context: Context,
  filter: z.infer<typeof AuditFilter>,
  to: string,
  replace: boolean,
): Promise<z.infer<typeof ExportedAudit>> {
  const { store, identity, now } = context;
  const lines: z.infer<typeof AuditLine>[] = [];
  for (let before: number | undefined; ;) {
    const page = auditPage(context, filter, { limit: PAGE, before });
    lines.push(...page.lines);
    if (page.next === null) break;
    before = page.next;
  }
  if (lines.length === 0) throw new Refusal('refused', 'There is nothing to write: no line fits.');
  const made = now();
  const audit = Body.parse({
    ...{ holdfast: 'audit', made, by: context.session.actor, console: store.console, filter, lines },
    key: rawKey(identity.publicKey).toString('base64url'),
    heads: store.log.consoles().map(({ id, seq }) => ({ console: id, seq, id: store.log.idAt(id, seq)! })),
  });
  const signature = signText(identity.privateKey, sealed(audit)).toString('base64url');
  const path = await targetOf(to, `${fileName('audit', new Date(made).toISOString().slice(0, 10))}.json`);
  const { bytes } = await writeWhole(path, replace, (draft) =>
    writeFile(draft, `${JSON.stringify({ audit, signature }, null, 1)}\n`),
  );
  return { path, bytes, lines: lines.length };
}

/** Whose file it is and whether it is as they signed it. @throws Refusal with what is wrong with it */
export async function checkAudit(context: Context, path: string): Promise<z.infer<typeof CheckedAudit>> {
  const name = basename(path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Refusal(
      'bad_input',
      `file: ${name} can't be read (${(error as NodeJS.ErrnoException).code ?? 'error'}).`,
    );
  }
  if (text.length > MAX_FILE) throw new Refusal('bad_input', `file: ${name} is too large.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('bad_input', `file: ${name} is no exported audit.`);
  }
  const parsed = File.safeParse(value);
  if (!parsed.success) throw new Refusal('bad_input', `file: ${name} is no exported audit.`);
  const { audit, signature } = parsed.data;
  const raw = Buffer.from(audit.key, 'base64url');
  const genuine =
    raw.length === 32 &&
    consoleIdOf(raw) === audit.console &&
    isSigned(keyFromRaw(raw), sealed((value as { audit: unknown }).audit), Buffer.from(signature, 'base64url'));
  if (!genuine) throw new Refusal('refused', `${name} was changed after it was signed, or is signed by somebody else.`);
  const { access } = context.store.standing(audit.console);
  if (access === 'stranger')
    throw new Refusal('refused', `${name} is signed by console ${audit.console}, which is not enrolled here.`);
  const known = context.store.entity('console', ESTATE, audit.console)?.doc['name'];
  return {
    lines: audit.lines.length,
    console: { id: audit.console, name: typeof known === 'string' ? known : audit.console },
    made: audit.made,
  };
}
