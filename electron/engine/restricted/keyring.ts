/**
 * The content keys of restricted incidents, as far as they were handed to this console. Invariant: which keys there are
 * follows from the merged `restriction` entities and this console's signing key alone, in whatever order the ops came. A key
 * is believed when its id is the hash of it and it either began the restriction or was vouched for by who had the key before.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { canonical, type Json } from '../../../shared/ops/canonical.ts';
import { Id, Instant, MAX_PAYLOAD, OpId, type Op } from '../../../shared/ops/op.ts';
import type { Document } from '../../../shared/ops/project.ts';
import type { Identity } from '../access/identity.ts';
import { derive, openingKey, publicOf, rawOf, sealingKey } from '../bundles/sealed.ts';
import { SEALED, type EntityRow } from '../store/projection.ts';

/** Types that are never sealed: they say that something is, or hand over with what. */
const PUBLIC = ['incident.restrict', 'incident.key', SEALED, 'incident.running', 'incident.lift', 'incident.shred'];
/** Types that are never written in the clear. */
const SECRET = ['restriction.member', 'incident.looked'];

/** What of an op is encrypted. */
const Inner = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/),
  payload: z.record(z.string(), z.json()),
  actor: Id,
  eventTime: Instant,
  zone: z.string().min(1).max(64),
  base: z.array(OpId).max(1000).optional(),
});
export type Inner = Pick<Op, 'type' | 'payload' | 'actor' | 'eventTime' | 'zone' | 'base'>;

/** Longest text that is sealed, characters: encrypted it fits a payload. */
const MAX_INNER = Math.floor((MAX_PAYLOAD - 200) * 0.7);
/** Bodies are filled up to a multiple of this, bytes, so that their length tells little. */
const FILL = 256;
const TAG = 16;

const NO_KEYS: ReadonlySet<string> = new Set();

interface Handed {
  key: string;
  ephemeral: string;
  root: boolean;
  hlc: string;
  wraps: Record<string, string>;
  by?: string;
  proof?: string | null;
}

interface Lifted {
  at: number;
  by: string;
  hlc: string;
  reason: string;
  keys: Record<string, string>;
}

/** What is known of one restricted incident. */
export interface Restriction {
  scope: string;
  /** Whether what is written of it now is sealed. */
  restricted: boolean;
  /** Since when, ms. */
  since: number;
  running: boolean;
  /** Person whom everybody else may ask. */
  contact: string | null;
  /** When its keys were thrown away, ms, by whom and why. */
  shredded: { at: number; by: string; reason: string } | null;
  lifted: { at: number; by: string; reason: string } | null;
  /** Ids of its keys that are here, the newest last. */
  keys: readonly string[];
  /** Consoles that every key was handed to. */
  consoles: readonly string[];
}

const keyIdOf = (secret: Buffer): string =>
  `k${createHash('sha256').update('holdfast content key 1').update(secret).digest('hex').slice(0, 40)}`;

const proofOf = (secret: Buffer, what: string, scope: string, key: string): string =>
  createHmac('sha256', secret)
    .update(canonical(['holdfast restricted 1', what, scope, key]))
    .digest('base64url');

const wrapKey = (shared: Buffer, ephemeral: Buffer, recipient: Buffer): Buffer =>
  derive(shared, Buffer.concat([ephemeral, recipient]), 'holdfast restricted incident 1 wrap');

/** A content key as an op hands it to consoles (raw X25519 keys, base64url). */
export function handOver(
  secret: Buffer,
  recipients: readonly { console: string; key: string }[],
): { key: string; ephemeral: string; wraps: { console: string; key: string }[] } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const ephemeral = rawOf(publicKey);
  return {
    key: keyIdOf(secret),
    ephemeral: ephemeral.toString('base64url'),
    wraps: recipients.map(({ console, key }) => {
      const raw = Buffer.from(key, 'base64url');
      const shared = diffieHellman({ privateKey, publicKey: publicOf(raw) });
      const cipher = createCipheriv('aes-256-gcm', wrapKey(shared, ephemeral, raw), Buffer.alloc(12));
      const wrapped = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return { console, key: wrapped.toString('base64url') };
    }),
  };
}

export const newSecret = (): Buffer => randomBytes(32);

export class Keyring {
  readonly #identity: Pick<Identity, 'console' | 'privateKey'>;
  readonly #secrets = new Map<string, Buffer>();
  readonly #known = new Map<string, Restriction>();
  /** What was unwrapped, by wrapped text: it is asked for again at every reading. */
  readonly #unwrapped = new Map<string, Buffer | null>();

  constructor(identity: Pick<Identity, 'console' | 'privateKey'>) {
    this.#identity = identity;
  }

  /** Reads the merged restrictions again. @returns scopes of which keys came or went, and whether any went */
  load(rows: readonly EntityRow[]): { came: boolean; went: boolean } {
    const before = new Set(this.#secrets.keys());
    this.#secrets.clear();
    this.#known.clear();
    for (const { scope, doc } of rows) this.#known.set(scope, this.#read(scope, doc));
    const came = [...this.#secrets.keys()].some((key) => !before.has(key));
    const went = [...before].some((key) => !this.#secrets.has(key));
    return { came, went };
  }

  get size(): number {
    return this.#secrets.size;
  }

  has(key: string): boolean {
    return this.#secrets.has(key);
  }

  ids(): ReadonlySet<string> {
    return this.#secrets.size === 0 ? NO_KEYS : new Set(this.#secrets.keys());
  }

  /** Every incident that is or was restricted, as far as is known here. */
  all(): readonly Restriction[] {
    return [...this.#known.values()];
  }

  get(scope: string): Restriction | null {
    return this.#known.get(scope) ?? null;
  }

  /** The keys of an incident, as they are handed on; the newest last. */
  secretsOf(scope: string): { key: string; secret: Buffer }[] {
    return (this.get(scope)?.keys ?? []).map((key) => ({ key, secret: this.#secrets.get(key)! }));
  }

  /** All keys, for a thread that reads the same database. */
  copy(): Record<string, string> {
    return Object.fromEntries([...this.#secrets].map(([key, secret]) => [key, secret.toString('base64url')]));
  }

  /** That whoever asks for something of an incident has its newest key. @throws Refusal when it is not here */
  prove(scope: string, what: string, subject?: string): { key: string; proof: string } {
    const newest = this.secretsOf(scope).at(-1);
    if (!newest) throw new Refusal('forbidden', 'The key of this incident is not here.');
    return { key: newest.key, proof: proofOf(newest.secret, what, scope, subject ?? newest.key) };
  }

  /**
   * Whether an op of this type in this incident is to be sealed.
   * @param words what is said when it is, and no key is here
   * @throws Refusal
   */
  seals(scope: string, type: string, words: () => string): boolean {
    const restriction = this.#known.get(scope);
    if (restriction === undefined || PUBLIC.includes(type)) return false;
    if (!restriction.restricted) {
      if (SECRET.includes(type)) throw new Refusal('refused', 'The incident is not restricted.');
      return false;
    }
    if (restriction.keys.length === 0) throw new Refusal('forbidden', words());
    return true;
  }

  /** The payload of the sealed op that stands at this place of the chain. */
  seal(place: Pick<Op, 'console' | 'seq' | 'hlc' | 'scope'>, inner: Inner): Record<string, Json> {
    const text = canonical(inner);
    if (text.length > MAX_INNER)
      throw new Refusal(
        'bad_input',
        `This is ${Math.round(text.length / 1024)} KiB; one entry of a restricted incident holds at most ${Math.floor(MAX_INNER / 1024)} KiB.`,
      );
    const { key, secret } = this.secretsOf(place.scope).at(-1)!;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', secret, nonce);
    cipher.setAAD(bound(place, key));
    const clear = Buffer.from(text);
    const filled = Buffer.concat([clear, Buffer.alloc((FILL - (clear.length % FILL)) % FILL, ' ')]);
    const body = Buffer.concat([cipher.update(filled), cipher.final(), cipher.getAuthTag()]);
    return { key, nonce: nonce.toString('base64url'), body: body.toString('base64url') };
  }

  /** The op that was sealed; null when its key is not here or it is not what it should be. */
  open(op: Op): Op | null {
    const { key, nonce, body } = op.payload;
    const secret = typeof key === 'string' ? this.#secrets.get(key) : undefined;
    return secret ? openWith(secret, op, String(key), String(nonce), String(body)) : null;
  }

  #read(scope: string, doc: Document): Restriction {
    const handed: Handed[] = [];
    const lifts: Lifted[] = [];
    const shreds: { key: string; proof: string; at: number; by: string; reason: string }[] = [];
    for (const [field, value] of Object.entries(doc)) {
      if (field.startsWith('handed:')) handed.push(value as Handed);
      else if (field.startsWith('lifted:')) lifts.push(value as Lifted);
      else if (field.startsWith('shred:')) shreds.push(value as (typeof shreds)[number]);
    }
    handed.sort((a, b) => (a.hlc < b.hlc ? -1 : 1));
    const secrets = new Map<string, Buffer>();
    for (const { keys } of lifts)
      for (const [key, text] of Object.entries(keys)) {
        const secret = Buffer.from(text, 'base64url');
        if (keyIdOf(secret) === key) secrets.set(key, secret);
      }
    const published = new Set(secrets.keys());
    for (const each of handed) {
      const secret = secrets.has(each.key) ? null : this.#unwrap(each);
      if (secret) secrets.set(each.key, secret);
    }
    // A key may have been handed here by another op than the one that says where it comes from.
    const candidates = handed.flatMap((each) => {
      const secret = secrets.get(each.key);
      return secret ? [{ ...each, secret }] : [];
    });
    // Who restricted it first is believed; of a later one only what was vouched for, unless it was lifted in between.
    const genuine = lifts.filter(({ keys }) => Object.keys(keys).some((key) => published.has(key)));
    const begin = genuine.map(({ hlc }) => hlc).sort();
    const era = (hlc: string): number => begin.filter((one) => one < hlc).length;
    const roots = new Set<number>();
    const believed = new Map<string, { secret: Buffer; hlc: string }>();
    for (const { key, root, hlc, secret } of candidates) {
      if (!root || roots.has(era(hlc))) continue;
      roots.add(era(hlc));
      believed.set(key, { secret, hlc });
    }
    for (let grew = true; grew;) {
      grew = false;
      for (const { key, by, proof, hlc, secret } of candidates) {
        const voucher = by === undefined ? undefined : believed.get(by);
        if (believed.has(key) || !voucher || proof !== proofOf(voucher.secret, 'key', scope, key)) continue;
        believed.set(key, { secret, hlc });
        grew = true;
      }
    }
    const shred = shreds.find(({ key, proof }) => {
      const secret = believed.get(key)?.secret;
      return secret !== undefined && proof === proofOf(secret, 'shred', scope, key);
    });
    const restricted = (doc['restricted'] ?? null) as { at: number; hlc: string } | null;
    const lifted = genuine.sort((a, b) => (a.hlc < b.hlc ? -1 : 1)).at(-1) ?? null;
    const keys = shred
      ? []
      : [...believed].sort(([, a], [, b]) => (a.hlc < b.hlc ? -1 : a.hlc > b.hlc ? 1 : 0)).map(([key]) => key);
    for (const key of keys) this.#secrets.set(key, believed.get(key)!.secret);
    return {
      scope,
      restricted: restricted !== null && (lifted === null || lifted.hlc < restricted.hlc),
      since: restricted?.at ?? 0,
      running: doc['running'] === true,
      contact: typeof doc['contact'] === 'string' ? doc['contact'] : null,
      shredded: shred ? { at: shred.at, by: shred.by, reason: shred.reason } : null,
      lifted: lifted ? { at: lifted.at, by: lifted.by, reason: lifted.reason } : null,
      keys,
      consoles: consolesWithAll(handed, keys),
    };
  }

  #unwrap({ key, ephemeral, wraps }: Handed): Buffer | null {
    const wrapped = Object.hasOwn(wraps, this.#identity.console) ? wraps[this.#identity.console]! : null;
    if (wrapped === null) return null;
    const name = `${ephemeral} ${wrapped} ${key}`;
    let secret = this.#unwrapped.get(name);
    if (secret === undefined) this.#unwrapped.set(name, (secret = this.#unwrapAnew(key, ephemeral, wrapped)));
    return secret;
  }

  #unwrapAnew(key: string, ephemeral: string, wrapped: string): Buffer | null {
    try {
      const sender = Buffer.from(ephemeral, 'base64url');
      const own = openingKey(this.#identity);
      const shared = diffieHellman({ privateKey: own, publicKey: publicOf(sender) });
      const raw = Buffer.from(sealingKey(this.#identity), 'base64url');
      const box = Buffer.from(wrapped, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', wrapKey(shared, sender, raw), Buffer.alloc(12));
      decipher.setAuthTag(box.subarray(-TAG));
      const secret = Buffer.concat([decipher.update(box.subarray(0, -TAG)), decipher.final()]);
      return keyIdOf(secret) === key ? secret : null;
    } catch {
      return null;
    }
  }
}

/** Opens what was sealed with any of these keys (base64url, by id). */
export function openerOf(keys: Readonly<Record<string, string>>): (op: Op) => Op | null {
  return (op) => {
    const { key, nonce, body } = op.payload;
    if (typeof key !== 'string' || !Object.hasOwn(keys, key)) return null;
    return openWith(Buffer.from(keys[key]!, 'base64url'), op, key, String(nonce), String(body));
  };
}

/** Who holds every one of these keys, by what was handed over. */
function consolesWithAll(handed: readonly Handed[], keys: readonly string[]): string[] {
  const held = new Map<string, Set<string>>();
  for (const { key, wraps } of handed)
    for (const console of Object.keys(wraps)) held.set(console, (held.get(console) ?? new Set()).add(key));
  return [...held].flatMap(([console, has]) => (keys.every((key) => has.has(key)) ? [console] : [])).sort();
}

/** A sealed body can't be moved to another place of a chain, nor to another incident. */
function bound({ console, seq, hlc, scope }: Pick<Op, 'console' | 'seq' | 'hlc' | 'scope'>, key: string): Buffer {
  return Buffer.from(canonical(['holdfast sealed 1', console, seq, hlc, scope, key]));
}

function openWith(secret: Buffer, op: Op, key: string, nonce: string, body: string): Op | null {
  try {
    const box = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(nonce, 'base64url'));
    decipher.setAAD(bound(op, key));
    decipher.setAuthTag(box.subarray(-TAG));
    const text = Buffer.concat([decipher.update(box.subarray(0, -TAG)), decipher.final()]).toString('utf8');
    const inner = Inner.parse(JSON.parse(text));
    if (PUBLIC.includes(inner.type)) return null;
    const { base: _base, ...rest } = op;
    return { ...rest, ...inner, payload: inner.payload as Op['payload'] } as Op;
  } catch {
    return null;
  }
}
