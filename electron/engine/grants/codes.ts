/**
 * Sealed codes. Invariants: a code is on its sheet of paper and nowhere else, the log holds a stretched digest; a wrong try is
 * on the disk before its answer is known; after ten in a row this console takes none for a wait that doubles, whatever is
 * done to its clock; a code opens one grant.
 */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { decodeCode, encodeCode, symbolsOf } from '../../../shared/domain/access/codes.ts';
import type { Grant } from '../../../shared/domain/access/grants.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { stretch } from '../access/cost.ts';
import type { Context } from '../context.ts';
import { keepSeen, seenNow } from './clock.ts';
import { grantsOf } from './force.ts';

/** Open part, by which a code is found, and secret part: 15 and 55 bits. */
const SLOT = 3;
const SECRET = 11;
/** log₂ of scrypt's N: a guess takes about a quarter of a second and 64 MiB. */
const COST = 16;
const DEAREST = 18;
const BLOCK = 8;

export const FREE_TRIES = 10;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;
const META = 'breakglass.tries';

const Sheet = z.object({
  label: z.string(),
  person: z.string().nullable(),
  capabilities: z.array(z.string()),
  longestMinutes: z.number(),
  expiresAt: z.number(),
  codes: z.array(
    z.object({ code: z.string(), slot: z.string(), salt: z.string(), hash: z.string(), cost: z.number() }),
  ),
  at: z.number(),
  by: z.string(),
  void: z.object({ at: z.number(), by: z.string(), reason: z.string() }).optional(),
});
export type Sheet = z.infer<typeof Sheet> & { id: string };

/** The sheets that were prepared, the newest first. */
export function sheetsOf({ store }: Pick<Context, 'store'>): Sheet[] {
  return store
    .entities('breakglass-codes', ESTATE)
    .flatMap(({ id, doc }) => {
      const sheet = Sheet.safeParse(doc);
      return sheet.success ? [{ id, ...sheet.data }] : [];
    })
    .sort((a, b) => b.at - a.at);
}

/** Codes that opened something, each with the first grant that it opened. */
export function spentCodes(grants: readonly Grant[]): Map<string, Grant> {
  const spent = new Map<string, Grant>();
  for (const grant of grants)
    for (const code of grant.opened?.codes ?? []) if (!spent.has(code)) spent.set(code, grant);
  return spent;
}

export interface NewCode {
  /** As it is printed. */
  text: string;
  entry: Sheet['codes'][number];
}

/** `count` new codes; what is printed of them and what is written down. */
export async function makeCodes(context: Pick<Context, 'store'>, sheet: string, count: number): Promise<NewCode[]> {
  const taken = new Set(sheetsOf(context).flatMap(({ codes }) => codes.map(({ slot }) => slot)));
  const made: NewCode[] = [];
  for (let n = 1; n <= count; n++) {
    let symbols: number[];
    let slot: string;
    do {
      symbols = [
        ...Array.from({ length: SLOT }, () => randomInt(32)),
        ...symbolsOf(randomBytes(Math.ceil((SECRET * 5) / 8)), SECRET),
      ];
      slot = slotOf(symbols);
    } while (taken.has(slot));
    taken.add(slot);
    const salt = randomBytes(16);
    const hash = await digestOf(symbols, salt, COST);
    made.push({
      text: encodeCode(symbols),
      entry: {
        ...{ code: `${sheet}.${n}`, slot, cost: COST },
        ...{ salt: salt.toString('base64url'), hash: hash.toString('base64url') },
      },
    });
  }
  return made;
}

const slotOf = (symbols: readonly number[]): string => encodeCode(symbols.slice(0, SLOT)).slice(0, SLOT);

async function digestOf(symbols: readonly number[], salt: Buffer, cost: number): Promise<Buffer> {
  const secret = Buffer.from(['holdfast sealed code 1', ...symbols].join(' '));
  try {
    return await stretch(secret, salt, { cost: 2 ** Math.min(cost, DEAREST), block: BLOCK, lanes: 1 });
  } finally {
    secret.fill(0);
  }
}

interface Tries {
  failed: number;
  /** By the clock that never goes back, ms. */
  until: number;
}

function triesOf({ store }: Pick<Context, 'store'>): Tries {
  let kept: Tries = { failed: 0, until: 0 };
  try {
    kept = { ...kept, ...(JSON.parse(store.meta('breakglass.tries') ?? '{}') as Partial<Tries>) };
  } catch {
    // What cannot be read was not written by us; the log still tells of a lock-out.
  }
  const told = store.entity('breakglass-lockout', ESTATE, store.console)?.doc;
  const until = typeof told?.['until'] === 'number' ? told['until'] : 0;
  return { failed: kept.failed, until: Math.max(kept.until, until) };
}

/** How long this console still takes no code, ms. */
export function lockedFor(context: Pick<Context, 'store' | 'now'>): number {
  return Math.max(0, triesOf(context).until - seenNow(context));
}

/** How long none is taken after `failed` wrong ones in a row, ms. */
export function waitAfter(failed: number): number {
  return failed < FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failed - FREE_TRIES));
}

const busy = new WeakSet<object>();

/**
 * Runs one try at a code or an answer: it counts as failed until `check` says otherwise.
 * @throws Refusal while this console takes none, or when `check` finds it wrong
 */
export async function oneTry<T>(context: Context, check: () => Promise<T | null>, wrong: string): Promise<T> {
  const wait = lockedFor(context);
  if (wait > 0)
    throw new Refusal(
      'refused',
      `Codes were typed wrong ${triesOf(context).failed} times: this console takes none for another ${formatDuration(Math.max(wait, 1000))}.`,
      { retryable: true },
    );
  if (busy.has(context.store))
    throw new Refusal('refused', 'Another code is being checked; try again in a second.', { retryable: true });
  busy.add(context.store);
  try {
    const failed = triesOf(context).failed + 1;
    const until = waitAfter(failed) === 0 ? 0 : seenNow(context) + waitAfter(failed);
    context.store.setMeta(META, JSON.stringify({ failed, until }));
    keepSeen(context);
    const found = await check();
    if (found !== null) {
      context.store.setMeta(META, JSON.stringify({ failed: 0, until: 0 }));
      return found;
    }
    if (until > 0) {
      context.store.commit({ actor: 'system', zone: context.zone }, (tx) =>
        tx.append({ scope: ESTATE, type: 'breakglass.lockout', payload: { tries: failed, until } }),
      );
      throw new Refusal(
        'refused',
        `${wrong} That was the ${failed}th in a row: wait ${formatDuration(waitAfter(failed))}.`,
      );
    }
    const left = FREE_TRIES - failed;
    throw new Refusal(
      'refused',
      `${wrong} ${left} ${left === 1 ? 'try is' : 'tries are'} left before this console waits.`,
    );
  } finally {
    busy.delete(context.store);
  }
}

/**
 * The sheet and the entry of a code that somebody typed.
 * @param person whom it must prove; null when it must open by itself
 * @throws Refusal when it is mistyped, wrong, spent, void or expired, or was made for something else
 */
export async function takeCode(
  context: Context,
  typed: string,
  person: string | null,
): Promise<{ sheet: Sheet; code: string }> {
  const read = decodeCode(typed, SLOT + SECRET);
  // A slip of the finger is no guess and costs nothing.
  if (!read.ok) throw new Refusal('bad_input', read.why);
  const slot = slotOf(read.symbols);
  const sheets = sheetsOf(context);
  const found = await oneTry(
    context,
    async () => {
      for (const sheet of sheets) {
        const entry = sheet.codes.find((one) => one.slot === slot);
        if (!entry) continue;
        const digest = await digestOf(read.symbols, Buffer.from(entry.salt, 'base64url'), entry.cost);
        const hash = Buffer.from(entry.hash, 'base64url');
        if (hash.length === digest.length && timingSafeEqual(hash, digest)) return { sheet, code: entry.code };
      }
      return null;
    },
    'No sealed code reads so.',
  );
  mustBeGood(context, found, person);
  return found;
}

function mustBeGood(context: Context, { sheet, code }: { sheet: Sheet; code: string }, person: string | null): void {
  const spent = spentCodes(grantsOf(context)).get(code);
  if (spent)
    throw new Refusal(
      'refused',
      `This code was used already, by ${context.estate.actorName(spent.opened!.holder)}: a code opens once.`,
    );
  if (sheet.void) throw new Refusal('refused', `The codes of "${sheet.label}" were made void: ${sheet.void.reason}`);
  if (sheet.expiresAt <= seenNow(context)) throw new Refusal('refused', `The codes of "${sheet.label}" have expired.`);
  if (sheet.person === person) return;
  if (person === null)
    throw new Refusal(
      'refused',
      `This code proves ${context.estate.actorName(sheet.person!)} and opens nothing alone: two people are needed with it.`,
    );
  throw new Refusal(
    'refused',
    `This code does not prove ${context.estate.actorName(person)}: it was made for another use.`,
  );
}
