/** Bytes of a file as text. Invariant: what is no UTF-8 text is refused with the reason, never guessed at. */

export type Decoded = { ok: true; text: string } | { ok: false; message: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a file. UTF-16 with a byte order mark is read too: some editors write it. */
export function decodeText(bytes: Uint8Array): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    try {
      return {
        ok: true,
        text: new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(bytes),
      };
    } catch {
      return { ok: false, message: 'The file is neither UTF-8 nor whole UTF-16 text; save it as UTF-8.' };
    }
  }
  if (bytes.includes(0)) return { ok: false, message: 'The file is not text.' };
  try {
    return { ok: true, text: utf8.decode(bytes) };
  } catch {
    return {
      ok: false,
      message: `The file is not UTF-8 text (first wrong byte in line ${lineOfWrongByte(bytes)}); save it as UTF-8.`,
    };
  }
}

function lineOfWrongByte(bytes: Uint8Array): number {
  let line = 1;
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    try {
      utf8.decode(bytes.subarray(from, at));
    } catch {
      return line;
    }
    line++;
    from = at + 1;
  }
  return line;
}

const REASONS: Record<string, string> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOENT: 'it is not there',
  ENOTDIR: 'a folder on the way to it is a file',
  ELOOP: 'its links go round in a circle',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  EIO: 'the disk does not answer',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

/** Why a file operation failed, to be set after a colon. */
export function sentenceOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (Object.hasOwn(REASONS, code)) return REASONS[code]!;
  return code || (error instanceof Error ? error.message : String(error));
}
