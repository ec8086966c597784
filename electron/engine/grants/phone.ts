/**
 * Approval over the phone, with no line between the consoles but a voice. The asking console shows a challenge that holds the
 * whole request; the approving console computes an answer that only the two of them can compute: an HMAC under a key that both
 * derive from their own private and the other's public key (X25519 on the Ed25519 keys with which they sign, HKDF-SHA-256),
 * over the challenge and the person who approves, cut to 50 bits. Invariant: nothing of the request can be changed without
 * another answer.
 */
import { createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto';
import type { Capability } from '../../../shared/contract/spec.ts';
import { encodeCode, packBits, symbolsOf, unpackBits } from '../../../shared/domain/access/codes.ts';
import { rawKey, type Identity } from '../access/identity.ts';

/** By its place a capability has a bit of the challenge; only ever added to. */
const CAPABILITY_BITS: readonly Capability[] = [
  'read',
  'declare',
  'command',
  'edit-estate',
  'manage-console',
  'approve-reversible',
  'approve-critical',
  'grant-access',
  'break-glass',
  'audit',
];
/** Nonce, capabilities, minutes, number of the incident, digests of holder and console. */
const WIDTHS = [25, 12, 11, 17, 20, 20];
export const CHALLENGE_SYMBOLS = 21;
/** 50 bits. */
export const RESPONSE_SYMBOLS = 10;

export interface Challenge {
  grant: string;
  capabilities: readonly string[];
  minutes: number;
  /** Number of the incident; null for none. */
  incident: number | null;
  holder: string;
  console: string;
}

const bitsOf = (text: string, bits: number): number =>
  createHash('sha256').update(text).digest().readUIntBE(0, 6) % 2 ** bits;
export const holderBits = (person: string): number => bitsOf(`holder ${person}`, 20);
export const consoleBits = (console: string): number => bitsOf(`console ${console}`, 20);

export function challengeOf({ grant, capabilities, minutes, incident, holder, console }: Challenge): number[] {
  const mask = CAPABILITY_BITS.reduce((sum, one, bit) => sum + (capabilities.includes(one) ? 2 ** bit : 0), 0);
  const values = [
    bitsOf(`grant ${grant}`, 25),
    mask,
    Math.ceil(minutes),
    incident ?? 0,
    holderBits(holder),
    consoleBits(console),
  ];
  return packBits(values.map((value, index) => ({ value, bits: WIDTHS[index]! })));
}

export interface ReadChallenge {
  capabilities: Capability[];
  minutes: number;
  incident: number | null;
  /** 20 bits each, by which they are found among those that are known. */
  holder: number;
  console: number;
}

export function readChallenge(symbols: readonly number[]): ReadChallenge {
  const [, mask = 0, minutes = 0, incident = 0, holder = 0, console = 0] = unpackBits(symbols, WIDTHS);
  return {
    capabilities: CAPABILITY_BITS.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1),
    ...{ minutes, holder, console },
    incident: incident === 0 ? null : incident,
  };
}

/**
 * The answer to a challenge.
 * @param peer raw Ed25519 key of the other console
 * @param approver person id
 */
export function responseTo(own: Identity, peer: Buffer, challenge: readonly number[], approver: string): number[] {
  const key = pairKey(own, peer);
  const text = `holdfast phone approval 1\n${encodeCode(challenge)}\n${approver}`;
  const mac = createHmac('sha256', key).update(text).digest();
  key.fill(0);
  return symbolsOf(mac, RESPONSE_SYMBOLS);
}

/** The same for both consoles, and for nobody else. */
function pairKey(own: Identity, peer: Buffer): Buffer {
  const shared = diffieHellman({ privateKey: agreementKey(own), publicKey: agreementPublic(peer) });
  const pair = [rawKey(own.publicKey), peer].sort((a, b) => Buffer.compare(a, b));
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.concat(pair), 'holdfast phone approval 1', 32));
  shared.fill(0);
  return key;
}

const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

/** The X25519 private key with the same scalar as an Ed25519 key (RFC 8032, 5.1.5: the head of SHA-512 over its seed). */
function agreementKey({ privateKey }: Identity) {
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const scalar = createHash('sha512').update(seed).digest().subarray(0, 32);
  const der = Buffer.concat([PKCS8_HEAD, scalar]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  for (const bytes of [seed, scalar, der]) bytes.fill(0);
  return key;
}

const P = 2n ** 255n - 19n;

/** The X25519 public key of the same point as a raw Ed25519 key: u = (1 + y) / (1 − y) (RFC 7748, 4.1). */
function agreementPublic(raw: Buffer) {
  const y = [...raw].reduceRight((sum, byte, index) => (sum << 8n) | BigInt(index === 31 ? byte & 127 : byte), 0n) % P;
  let u = ((1n + y) * inverse((1n - y + P) % P)) % P;
  const bytes = Buffer.alloc(32);
  for (let index = 0; index < 32; index++, u >>= 8n) bytes[index] = Number(u & 255n);
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, bytes]), format: 'der', type: 'spki' });
}

/** By Fermat: the power p − 2. */
function inverse(value: bigint): bigint {
  let [result, base, power] = [1n, value % P, P - 2n];
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}
