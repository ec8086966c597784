/**
 * Checking the whole record. Invariant: nothing here trusts anything in the database but what a hash or a signature proves;
 * every finding names the console, the number of the op and what is wrong with it, in one sentence.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import { sealedText, type Seal } from '../../../shared/ops/segment.ts';
import { OP_TYPES } from '../../../shared/ops/types.ts';
import { PLAIN, type Vault } from '../rest/vault.ts';
import type { Sqlite } from '../store/database.ts';
import { Links, type KnownLink } from '../store/links.ts';
import { bare, isGenuine, linkId, Log, type StoredOp } from '../store/log.ts';
import { SCRATCH_SQL } from '../store/migrations.ts';
import { Projection } from '../store/projection.ts';
import { openerOf } from '../restricted/keyring.ts';
import { replay } from '../store/replay.ts';
import { readSeals } from '../store/segments.ts';

/** A console's head as something outside this database remembers it. */
export interface Witness {
  /** What remembers it: "backup holdfast-2026-11-22T14-05.db". */
  where: string;
  console: string;
  seq: number;
  /** Id of that op. */
  head: string;
  /** When it was seen, ms. */
  at: number;
}

export interface Finding {
  console: string;
  /** 0 when no single op is meant. */
  seq: number;
  op: string | null;
  message: string;
}

export interface ConsoleReport {
  id: string;
  ops: number;
  head: { seq: number; id: string } | null;
  /** Ops that a good signature covers. */
  signed: number;
  findings: number;
}

export interface VerifyReport {
  ok: boolean;
  /** ms since 1970 UTC. */
  startedAt: number;
  ms: number;
  ops: number;
  consoles: ConsoleReport[];
  projections: { same: boolean; hash: string };
  witnesses: { checked: number; missing: number };
  /** At most `MAX_FINDINGS`; `findingCount` is the true number. */
  findings: Finding[];
  findingCount: number;
}

const MAX_FINDINGS = 200;

/**
 * Verifies every chain, signature, witness and projection of an open database. Reads in pages: memory does not grow with
 * the log. `progress` hears of ops done. `own` is this console: what is missing of others' chains it must have said itself,
 * in its own signed chain; without it nothing may be missing. `keys` are those of restricted incidents that it holds.
 */
export function verify(
  db: Sqlite,
  witnesses: readonly Witness[],
  now: () => number,
  progress: (ops: number) => void = () => {},
  own: string | null = null,
  vault: Vault = PLAIN,
  keys: Readonly<Record<string, string>> = {},
): VerifyReport {
  const startedAt = now();
  const begun = performance.now();
  const snapshot = db.inTransaction ? null : db.prepare('BEGIN');
  snapshot?.run();
  try {
    const log = new Log(db);
    const found = new Findings();
    const consoles = checkChains(db, log, found, progress, own);
    const witnessed = checkWitnesses(log, witnesses, found);
    const projections = checkProjections(db, log, own ?? '', vault, keys);
    if (!projections.same) {
      found.add({
        console: '',
        seq: 0,
        op: null,
        message: 'The tables differ from what the log says: they were changed by hand or damaged. Rebuild them.',
      });
    }
    return {
      ok: found.count === 0,
      startedAt,
      ms: performance.now() - begun,
      ops: consoles.reduce((sum, console) => sum + console.ops, 0),
      consoles: consoles.map((console) => ({ ...console, findings: found.of(console.id) })),
      projections,
      witnesses: witnessed,
      findings: found.list,
      findingCount: found.count,
    };
  } finally {
    if (snapshot) db.prepare('COMMIT').run();
  }
}

class Findings {
  readonly list: Finding[] = [];
  readonly #byConsole = new Map<string, number>();
  count = 0;

  add(finding: Finding): void {
    this.count++;
    this.#byConsole.set(finding.console, this.of(finding.console) + 1);
    if (this.list.length < MAX_FINDINGS) this.list.push(finding);
  }

  of(console: string): number {
    return this.#byConsole.get(console) ?? 0;
  }
}

const PAGE = 2000;

function checkChains(
  db: Sqlite,
  log: Log,
  found: Findings,
  progress: (ops: number) => void,
  own: string | null,
): Omit<ConsoleReport, 'findings'>[] {
  const rows = db.prepare<[], { id: string; key: Buffer | null }>('SELECT id, key FROM console ORDER BY id').all();
  const stated = own === null ? new Map<string, Gaps>() : statedGaps(db, own);
  let done = 0;
  return rows.map(({ id, key }) => {
    const gaps = id === own ? null : (stated.get(id) ?? null);
    const chain = new Chain(found, id, gaps);
    const seals = new Seals(readSeals(db, id), key, id, found, gaps !== null);
    let ops = 0;
    let head: StoredOp | null = null;
    for (const item of inOrder(db, log, id)) {
      if (item.op) {
        head = item.op;
        if (++ops % PAGE === 0) progress((done += PAGE));
      }
      seals.pass(item, chain.pass(item));
    }
    progress((done += ops % PAGE));
    return { id, ops, head: head && { seq: head.seq, id: head.id }, signed: seals.finish() };
  });
}

/** A place in a console's chain: an op, or what is known of one that is not here. */
interface Item {
  seq: number;
  id: string;
  op: StoredOp | null;
  link: KnownLink | null;
}

/** A console's ops and links by number, read in pages. */
function* inOrder(db: Sqlite, log: Log, console: string): Generator<Item> {
  const links = new Links(db);
  const some = links.last(console) > 0;
  for (let from = 0; ;) {
    const page = log.range(console, from, Number.MAX_SAFE_INTEGER, PAGE);
    const full = page.length === PAGE;
    const to = full ? page.at(-1)!.seq : Number.MAX_SAFE_INTEGER;
    const known = some ? links.range(console, from, to) : [];
    let at = 0;
    for (const op of page) {
      for (let link = known[at]; link && link.seq <= op.seq; link = known[++at]) {
        if (link.seq < op.seq) yield { seq: link.seq, id: link.id, op: null, link };
      }
      yield { seq: op.seq, id: op.id, op, link: null };
    }
    for (const link of known.slice(at)) yield { seq: link.seq, id: link.id, op: null, link };
    if (!full) return;
    from = to + 1;
  }
}

/** Which numbers of a console's chain this console has said that it has not. */
class Gaps {
  /** In the order in which they were said: a later one holds where it overlaps an earlier one. */
  readonly #statements: { first: number; last: number; held: [number, number][] }[] = [];

  add(first: number, last: number, held: [number, number][]): void {
    for (let at = this.#statements.length - 1; at >= 0; at--) {
      const { first: from, last: to } = this.#statements[at]!;
      if (from >= first && to <= last) this.#statements.splice(at, 1);
    }
    this.#statements.push({ first, last, held });
  }

  /** The first number from `first` to `last` that should be here; null when all of them are said not to be. */
  expected(first: number, last: number): number | null {
    for (let seq = first; seq <= last;) {
      const at = this.#statements.findLastIndex((each) => each.first <= seq && seq <= each.last);
      const statement = this.#statements[at];
      if (!statement || statement.held.some(([from, to]) => from <= seq && seq <= to)) return seq;
      // On to where something else is said: a run that is held, the statement's end, or a later statement.
      const bounds = [
        statement.last + 1,
        ...statement.held.map(([from]) => from),
        ...this.#statements.slice(at + 1).map((each) => each.first),
      ];
      seq = Math.min(...bounds.filter((bound) => bound > seq));
    }
    return null;
  }
}

/** By console: what the console `own` has said in its chain that it has not of theirs. */
export function statedGaps(db: Sqlite, own: string): Map<string, Gaps> {
  const gaps = new Map<string, Gaps>();
  const statements = db
    .prepare<[string], string>(
      `SELECT payload FROM op WHERE type = 'record.held' AND console = (SELECT n FROM console WHERE id = ?) ORDER BY seq`,
    )
    .pluck();
  for (const text of statements.iterate(own)) {
    const payload = OP_TYPES['record.held'].safeParse(parse(text)).data;
    if (!payload) continue;
    const ofConsole = gaps.get(payload.console) ?? new Gaps();
    gaps.set(payload.console, ofConsole);
    ofConsole.add(payload.first, payload.last, payload.held);
  }
  return gaps;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Follows a console's chain from place to place. */
class Chain {
  readonly #found: Findings;
  readonly #console: string;
  readonly #gaps: Gaps | null;
  #previous: { seq: number; id: string | undefined; hlc: string } = { seq: 0, id: undefined, hlc: '' };

  constructor(found: Findings, console: string, gaps: Gaps | null) {
    this.#found = found;
    this.#console = console;
    this.#gaps = gaps;
  }

  /** Checks a place; whether it follows the one before without a gap. */
  pass({ seq, id, op, link }: Item): boolean {
    const previous = this.#previous;
    const next = previous.seq + 1;
    this.#previous = { seq, id, hlc: op?.hlc ?? previous.hlc };
    const follows = seq === next;
    const missing = follows ? null : this.#missing(next, seq - 1);
    if (missing !== null) {
      const what = missing === seq - 1 ? `Op ${missing} was removed` : `Ops ${missing} to ${seq - 1} were removed`;
      this.#report(seq, `${what}: op ${seq} stands where it should be.`, op);
    }
    if (op) this.#checkOp(op, previous, follows);
    else if (this.#missing(seq, seq) !== null) this.#report(seq, `Op ${seq} was removed: only its link is left.`, null);
    else if (link?.content && follows) {
      const { scope, content } = link;
      const should = linkId({
        console: this.#console,
        seq,
        ...(previous.id === undefined ? {} : { prev: previous.id }),
        scope: scope ?? '',
        content,
      });
      if (should !== id)
        this.#report(seq, `The link of op ${seq}, which is not here, does not follow op ${previous.seq}.`, null);
    } else if (link?.content) this.#report(seq, `The link of op ${seq} stands alone.`, null);
    return follows;
  }

  /** The first number from `first` to `last` that should be here. */
  #missing(first: number, last: number): number | null {
    return this.#gaps ? this.#gaps.expected(first, last) : first;
  }

  #report(seq: number, message: string, op: StoredOp | null): void {
    this.#found.add({ console: this.#console, seq, op: op?.id ?? null, message });
  }

  #checkOp(op: StoredOp, previous: { seq: number; id: string | undefined; hlc: string }, follows: boolean): void {
    let genuine = false;
    try {
      genuine = isGenuine(bare(op));
    } catch {
      genuine = false;
    }
    if (!genuine) this.#report(op.seq, `Op ${op.seq} (${op.type}) was edited after it was written.`, op);
    else if (follows && op.prev !== previous.id) {
      this.#report(
        op.seq,
        `Op ${op.seq} does not follow op ${op.seq - 1}: one of them was replaced or they were reordered.`,
        op,
      );
    }
    if (op.hlc <= previous.hlc)
      this.#report(op.seq, `Op ${op.seq} is dated before op ${previous.seq}, which was written earlier.`, op);
  }
}

/** Checks seals while the places of a chain pass by in order. */
class Seals {
  readonly #seals: Seal[];
  readonly #key: Buffer | null;
  readonly #console: string;
  readonly #found: Findings;
  readonly #inParts: boolean;
  #at = 0;
  #signed = 0;
  /** Ops since the last place that a good signature reaches. */
  #pending: { first: number; last: number; ops: number } | null = null;
  #covered = 0;
  #last = 0;

  constructor(seals: Seal[], key: Buffer | null, console: string, found: Findings, inParts: boolean) {
    this.#seals = seals;
    this.#key = key;
    this.#console = console;
    this.#found = found;
    this.#inParts = inParts;
    if (key && consoleIdOf(key) !== console)
      this.#report(0, `The key of console ${console} was exchanged: the id is not derived from it.`);
  }

  #report(seq: number, message: string, op: string | null = null): void {
    this.#found.add({ console: this.#console, seq, op, message });
  }

  pass({ seq, id, op }: Item, follows: boolean): void {
    if (!follows && this.#inParts) this.#endRun();
    this.#last = seq;
    if (op) this.#pending = { first: this.#pending?.first ?? seq, last: seq, ops: (this.#pending?.ops ?? 0) + 1 };
    for (let seal = this.#seals[this.#at]; seal && seal.last <= seq; seal = this.#seals[++this.#at]) {
      if (seal.last < seq) this.#report(seal.last, `Op ${seal.last}, which a signature ends with, is not there.`);
      else if (seal.head !== id) this.#report(seq, `Op ${seq} is not the one that was signed.`, id);
      else this.#check(seal);
    }
  }

  #check(seal: Seal): void {
    if (!this.#key)
      return this.#report(
        seal.last,
        `The key of console ${this.#console} is missing, so its signatures can't be checked.`,
      );
    if (!isSigned(keyFromRaw(this.#key), sealedText(seal), Buffer.from(seal.signature, 'base64url'))) {
      return this.#report(seal.last, `The signature over ops ${seal.first} to ${seal.last} is wrong.`);
    }
    if (!this.#inParts && seal.first !== this.#covered + 1)
      this.#report(seal.first, `No signature begins at op ${this.#covered + 1}.`);
    this.#signed += this.#pending?.ops ?? 0;
    this.#pending = null;
    this.#covered = seal.last;
  }

  /** Whatever was not signed up to here no later signature reaches. */
  #endRun(): void {
    const { first, last } = this.#pending ?? { first: 0, last: 0 };
    if (this.#pending)
      this.#report(last, first === last ? `Op ${last} is not signed.` : `Ops ${first} to ${last} are not signed.`);
    this.#pending = null;
  }

  /** Ops covered by good signatures. */
  finish(): number {
    const cut = this.#seals.at(-1);
    if (cut && cut.last > this.#last) {
      this.#report(
        cut.last,
        `Ops ${this.#last + 1} to ${cut.last} were signed and are not there: the end was cut off.`,
      );
    } else this.#endRun();
    return this.#signed;
  }
}

function checkWitnesses(log: Log, witnesses: readonly Witness[], found: Findings): VerifyReport['witnesses'] {
  let missing = 0;
  for (const { where, console, seq, head } of witnesses) {
    const id = log.idAt(console, seq);
    if (id === head) continue;
    missing++;
    const message =
      id === null
        ? `${where} saw ${seq} ops of this console; the end was cut off since.`
        : `${where} saw another op ${seq}: the record was rewritten since.`;
    found.add({ console, seq, op: head, message });
  }
  return { checked: witnesses.length, missing };
}

/** Builds the projections anew in a scratch database and compares. */
function checkProjections(
  db: Sqlite,
  log: Log,
  own: string,
  vault: Vault,
  keys: Readonly<Record<string, string>>,
): VerifyReport['projections'] {
  const present = new Projection(db).hash();
  // What does not fit into memory goes to a file, and that one is like the folder's own.
  const folder = vault.key ? mkdtempSync(join(tmpdir(), 'holdfast-verify-')) : null;
  const scratch = vault.open(folder === null ? '' : join(folder, 'scratch.db'));
  try {
    if (folder !== null) scratch.pragma('journal_mode = OFF');
    scratch.exec(SCRATCH_SQL);
    scratch.exec('BEGIN');
    const name = scratch.prepare('INSERT OR IGNORE INTO op (n, id, scope) VALUES (?, ?, ?)');
    const projection = new Projection(scratch, openerOf(keys));
    replay(log, projection, own, (op) => name.run(op.n, Buffer.from(op.id, 'base64url'), op.scope));
    return { same: projection.hash() === present, hash: present };
  } finally {
    scratch.close();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
