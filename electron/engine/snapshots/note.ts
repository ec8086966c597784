/**
 * The line beside a snapshot at the hub, signed by its maker: enough to choose one before anything large is fetched.
 * Invariant: it is a promise; what the file holds is believed for the file's own label and signatures only.
 */
import { z } from 'zod';
import { canonical } from '../../../shared/ops/canonical.ts';
import { consoleIdOf, isSigned, keyFromRaw, signText, type Identity } from '../access/identity.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { Label } from './format.ts';

/** Longest note, characters. */
const MAX_NOTE = 16 * 1024;

const Note = z.object({
  holdfast: z.literal('snapshot note'),
  format: z.literal(1),
  ...Label.pick({
    ...{ made: true, console: true, key: true, organisationId: true, schema: true, ops: true },
    ...{ bytes: true, sha256: true, signature: true },
  }).shape,
});
export type Note = z.infer<typeof Note>;

const signedText = ({ signature: _signature, ...note }: Note): string => `holdfast snapshot note 1 ${canonical(note)}`;

export function writeNote(identity: Identity, label: Label): string {
  const { made, console, key, organisationId, schema, ops, bytes, sha256 } = label;
  const note: Note = {
    ...{ holdfast: 'snapshot note', format: 1, made, console, key, schema, ops, bytes, sha256, signature: '' },
    ...(organisationId === undefined ? {} : { organisationId }),
  };
  return JSON.stringify({
    ...note,
    signature: signText(identity.privateKey, signedText(note)).toString('base64url'),
  });
}

/** @returns why it is none, in the end of a sentence that begins with the file's name */
export function readNote(about: string): { note: Note; problem: null } | { note: null; problem: string } {
  const none = (problem: string) => ({ note: null, problem });
  if (about.length > MAX_NOTE) return none('has a note that is too long');
  let value: unknown;
  try {
    value = JSON.parse(about);
  } catch {
    return none('has no note of a snapshot beside it');
  }
  const parsed = Note.safeParse(value);
  if (!parsed.success) return none('has no note of a snapshot beside it');
  const note = parsed.data;
  const key = Buffer.from(note.key, 'base64url');
  if (
    consoleIdOf(key) !== note.console ||
    !isSigned(keyFromRaw(key), signedText(note), Buffer.from(note.signature, 'base64url'))
  )
    return none(`has a note that console ${note.console}, which it names, did not sign`);
  if (note.schema > SCHEMA_VERSION)
    return none(`was written by a newer Holdfast (tables ${note.schema}, this one knows ${SCHEMA_VERSION})`);
  return { note, problem: null };
}
