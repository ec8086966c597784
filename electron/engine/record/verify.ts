/**
 * Checking the whole record. Invariant: nothing here trusts anything in the database but what a hash or a signature proves;
 * every finding names the console, the number of the op and what is wrong with it, in one sentence.
 */
import Database from 'better-sqlite3';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import { sealedText, type Seal } from '../../../shared/ops/segment.ts';
import type { Sqlite } from '../store/database.ts';
import { bare, isGenuine, Log, type StoredOp } from '../store/log.ts';
import { SCRATCH_SQL } from '../store/migrations.ts';
import { Projection } from '../store/projection.ts';

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

export const MAX_FINDINGS = 200;

/**
 * Verifies every chain, signature, witness and projection of an open database. Reads in pages: memory does not grow with
 * the log. `progress` hears of ops done.
 */
export function verify(db: Sqlite, witnesses: readonly Witness[], now: () => number, progress: (ops: number) => void = () => {}): VerifyReport {
  const startedAt = now();
  const begun = performance.now();
  const snapshot = db.inTransaction ? null : db.prepare('BEGIN');
  snapshot?.run();
  try {
    const log = new Log(db);
    const found = new Findings();
    const consoles = checkChains(db, log, found, progress);
    const witnessed = checkWitnesses(log, witnesses, found);
    const projections = checkProjections(db, log);
    if (!projections.same) {
      found.add({ console: '', seq: 0, op: null, message: 'The tables differ from what the log says: they were changed by hand or damaged. Rebuild them.' });
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

function checkChains(db: Sqlite, log: Log, found: Findings, progress: (ops: number) => void): Omit<ConsoleReport, 'findings'>[] {
  const rows = db.prepare<[], { id: string; key: Buffer | null }>('SELECT id, key FROM console ORDER BY id').all();
  let done = 0;
  return rows.map(({ id, key }) => {
    let previous: StoredOp | null = null;
    let ops = 0;
    const seals = new Seals(readSeals(db, id), key, id, found);
    for (let from = 0; ; ) {
      const page = log.range(id, from, Number.MAX_SAFE_INTEGER, PAGE);
      for (const op of page) {
        checkOp(op, previous, found);
        seals.pass(op);
        previous = op;
        ops++;
      }
      progress((done += page.length));
      if (page.length < PAGE) break;
      from = page.at(-1)!.seq + 1;
    }
    const last = previous as StoredOp | null;
    return { id, ops, head: last && { seq: last.seq, id: last.id }, signed: seals.finish(last?.seq ?? 0) };
  });
}

function checkOp(op: StoredOp, previous: StoredOp | null, found: Findings): void {
  const report = (message: string) => found.add({ console: op.console, seq: op.seq, op: op.id, message });
  const expected = (previous?.seq ?? 0) + 1;
  if (op.seq > expected) {
    const missing = op.seq - 1 === expected ? `Op ${expected} was removed` : `Ops ${expected} to ${op.seq - 1} were removed`;
    report(`${missing}: op ${op.seq} stands where it should be.`);
  }
  let genuine = false;
  try {
    genuine = isGenuine(bare(op));
  } catch {
    genuine = false;
  }
  if (!genuine) report(`Op ${op.seq} (${op.type}) was edited after it was written.`);
  else if (op.seq === expected && op.prev !== previous?.id) {
    report(`Op ${op.seq} does not follow op ${op.seq - 1}: one of them was replaced or they were reordered.`);
  }
  if (previous && op.hlc <= previous.hlc) report(`Op ${op.seq} is dated before op ${previous.seq}, which was written earlier.`);
}

/** Checks seals while ops pass by in order. */
class Seals {
  readonly #seals: Seal[];
  readonly #key: Buffer | null;
  readonly #console: string;
  readonly #found: Findings;
  #at = 0;
  #signed = 0;
  #covered = 0;

  constructor(seals: Seal[], key: Buffer | null, console: string, found: Findings) {
    this.#seals = seals;
    this.#key = key;
    this.#console = console;
    this.#found = found;
    if (key && consoleIdOf(key) !== console) this.#report(0, `The key of console ${console} was exchanged: the id is not derived from it.`);
  }

  #report(seq: number, message: string, op: string | null = null): void {
    this.#found.add({ console: this.#console, seq, op, message });
  }

  pass(op: StoredOp): void {
    for (let seal = this.#seals[this.#at]; seal && seal.last <= op.seq; seal = this.#seals[++this.#at]) {
      if (seal.last < op.seq) this.#report(seal.last, `Op ${seal.last}, which a signature ends with, is not there.`);
      else if (seal.head !== op.id) this.#report(op.seq, `Op ${op.seq} is not the one that was signed.`, op.id);
      else this.#check(seal);
    }
  }

  #check(seal: Seal): void {
    if (!this.#key) return this.#report(seal.last, `The key of console ${this.#console} is missing, so its signatures can't be checked.`);
    if (!isSigned(keyFromRaw(this.#key), sealedText(seal), Buffer.from(seal.signature, 'base64url'))) {
      return this.#report(seal.last, `The signature over ops ${seal.first} to ${seal.last} is wrong.`);
    }
    if (seal.first !== this.#covered + 1) this.#report(seal.first, `No signature begins at op ${this.#covered + 1}.`);
    this.#signed += seal.last - seal.first + 1;
    this.#covered = seal.last;
  }

  /** Ops covered by good signatures. */
  finish(last: number): number {
    const cut = this.#seals.at(-1);
    if (cut && cut.last > last) this.#report(cut.last, `Ops ${last + 1} to ${cut.last} were signed and are not there: the end was cut off.`);
    else if (this.#covered < last) this.#report(last, `Ops ${this.#covered + 1} to ${last} are not signed.`);
    return this.#signed;
  }
}

function readSeals(db: Sqlite, console: string): Seal[] {
  return db
    .prepare<[string], { first: number; last: number; head: Buffer; signature: Buffer }>(
      'SELECT first, last, head, signature FROM segment WHERE console = (SELECT n FROM console WHERE id = ?) ORDER BY first',
    )
    .all(console)
    .map(({ first, last, head, signature }) => ({
      ...{ console, first, last },
      head: head.toString('base64url'),
      signature: signature.toString('base64url'),
    }));
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
function checkProjections(db: Sqlite, log: Log): VerifyReport['projections'] {
  const present = new Projection(db).hash();
  const scratch = new Database('');
  try {
    scratch.exec(SCRATCH_SQL);
    scratch.exec('BEGIN');
    const name = scratch.prepare('INSERT OR IGNORE INTO op (n, id, scope) VALUES (?, ?, ?)');
    const projection = new Projection(scratch);
    let n = 0;
    for (const op of log.all()) {
      name.run(op.n, Buffer.from(op.id, 'base64url'), op.scope);
      projection.apply(op, op.n);
      if (++n % 5000 === 0) projection.flush();
    }
    projection.flush();
    return { same: projection.hash() === present, hash: present };
  } finally {
    scratch.close();
  }
}
