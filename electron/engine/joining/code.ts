/**
 * What an invitation is made of: a secret that only the code carries, the key pair that follows from it, and the code as
 * text and as a file. Invariant: the log holds the public half alone; whoever has the code can sign one request with it.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { group, ungroup } from '../../../shared/domain/joining/grouped.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { consoleIdOf, isSigned, keyFromRaw, rawKey, signText, type Identity } from '../access/identity.ts';

export interface JoinCode {
  organisation: string;
  /** Of the console that invites: raw public key, and its name. */
  key: Buffer;
  name: string;
  /** 16 random bytes. */
  secret: Buffer;
  /** Whole minutes, ms since 1970 UTC. */
  expires: number;
  /** Addresses of the hub; empty when there is none. */
  hub: string;
  /** The hub's domain when it is not `hub`, and that of the store's server that `hub` is. */
  domain: string | null;
  edge: string | null;
  /** SHA-256 of the certificate of who signed the hub's. */
  certificate: Buffer | null;
}

const VERSION = 1;
const MINUTE = 60_000;
const SUM = 4;
/** DER of an Ed25519 private key before its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

export function writeCode(code: JoinCode): string {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  const minutes = Buffer.alloc(4);
  minutes.writeUInt32BE(Math.ceil(code.expires / MINUTE));
  const flags = (code.certificate ? 1 : 0) | (code.domain === null ? 0 : 2) | (code.edge === null ? 0 : 4);
  const body = Buffer.concat([
    Buffer.from([VERSION, flags]),
    minutes,
    code.key,
    code.secret,
    ...[code.organisation, code.name, code.hub].map(text),
    ...[code.domain, code.edge].flatMap((each) => (each === null ? [] : [text(each)])),
    ...(code.certificate ? [code.certificate] : []),
  ]);
  return group(Buffer.concat([body, sumOf(body)]));
}

/** @throws Refusal `bad_input` with one sentence that says where it is wrong. */
export function readCode(text: string): JoinCode {
  const read = ungroup(text);
  if (!read.ok) throw new Refusal('bad_input', `This is no join code: ${read.message}`);
  const bytes = Buffer.from(read.bytes);
  const reader = new Reader(bytes);
  const version = reader.take(1)[0];
  if (version !== VERSION)
    throw new Refusal('bad_input', `This is no join code of a kind that this version of Holdfast reads (${version}).`);
  const flags = reader.take(1)[0]!;
  const expires = reader.take(4).readUInt32BE() * MINUTE;
  const [key, secret] = [reader.take(32), reader.take(16)];
  const [organisation, name, hub] = [reader.text(), reader.text(), reader.text()];
  const domain = flags & 2 ? reader.text() : null;
  const edge = flags & 4 ? reader.text() : null;
  const certificate = flags & 1 ? reader.take(32) : null;
  const body = bytes.subarray(0, reader.at);
  if (!reader.take(SUM).equals(sumOf(body)))
    throw new Refusal('bad_input', 'This is no whole join code: groups are missing or from another code.');
  return { organisation, key, name, secret, expires, hub, domain, edge, certificate };
}

class Reader {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): Buffer {
    if (this.at + count > this.#bytes.length)
      throw new Refusal('bad_input', 'This is no whole join code: its end is missing.');
    this.at += count;
    return this.#bytes.subarray(this.at - count, this.at);
  }

  text(): string {
    return this.take(this.take(2).readUInt16BE()).toString('utf8');
  }
}

function sumOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, SUM);
}

/** The key pair of an invitation and its name in the log. */
export function invitationOf(secret: Buffer): { invite: string; key: string; privateKey: KeyObject } {
  const seed = createHash('sha256').update('holdfast invite 1').update(secret).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  const raw = rawKey(createPublicKey(privateKey));
  return { invite: consoleIdOf(raw).slice(0, 12), key: raw.toString('base64url'), privateKey };
}

export interface RequestOf {
  organisation: string;
  invite: string;
  console: string;
  key: string;
}

const requestText = ({ organisation, invite, console, key }: RequestOf): string =>
  canonical(['holdfast request 1', organisation, invite, console, key]);

/** What a console that holds `code` asks with. */
export function signRequest(
  code: Pick<JoinCode, 'organisation' | 'secret'>,
  identity: Identity,
): RequestOf & { signature: string } {
  const { invite, privateKey } = invitationOf(code.secret);
  const request = {
    ...{ organisation: code.organisation, invite, console: identity.console },
    key: rawKey(identity.publicKey).toString('base64url'),
  };
  return { ...request, signature: signText(privateKey, requestText(request)).toString('base64url') };
}

/** Whether whoever signed `request` held the invitation's code. @param key the invitation's public key, base64url */
export function isInvited(request: RequestOf & { signature: string }, key: string): boolean {
  const raw = Buffer.from(key, 'base64url');
  return isSigned(keyFromRaw(raw), requestText(request), Buffer.from(request.signature, 'base64url'));
}

/** What a file brings besides the code. */
export const JoinFile = z.object({
  holdfast: z.literal('join'),
  format: z.literal(1),
  /** For whoever opens it in an editor. */
  about: z.string(),
  code: z.string().max(5000),
  user: z.string().max(200).optional(),
  credential: z.string().max(20_000).optional(),
  /** PEM of the certificate of who signed the hub's. */
  certificate: z.string().max(100_000).optional(),
});
export type JoinFile = z.infer<typeof JoinFile>;

const MOST_BYTES = 256 * 1024;

export interface Given extends Pick<JoinFile, 'user' | 'credential' | 'certificate'> {
  text: string;
  code: JoinCode;
}

/** The code as it was given, typed or in a file. @throws Refusal in one sentence. */
export function givenCode({ code, file }: { code?: string | undefined; file?: string | undefined }): Given {
  if ((code === undefined) === (file === undefined))
    throw new Refusal('bad_input', 'code: give the code that you were sent, or with --file the file that it is in.');
  if (file === undefined) return { text: code!, code: readCode(code!) };
  let text: string;
  try {
    if (statSync(file).size > MOST_BYTES) throw new Refusal('bad_input', `${file} is too large to hold a join code.`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_input', `file: ${file} can't be read.`, { cause: error });
  }
  const parsed = JoinFile.safeParse(asJson(text));
  if (!parsed.success) return { text, code: readCode(text) };
  const { code: inside, user, credential, certificate } = parsed.data;
  return { text: inside, code: readCode(inside), user, credential, certificate };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
