/**
 * What a session sees that may not read some restricted incidents. Invariant: it reads through a connection of its own, whose
 * tables hold of those incidents only what was written in the clear, and through a store without their keys: a query that
 * forgets to ask who is asking cannot show more. What is written goes through the console's own store, and not into them.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Op } from '../../../shared/ops/op.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { Context } from '../context.ts';
import { ConflictBook } from '../conflicts/book.ts';
import { ImpactBook } from '../impact/book.ts';
import { IncidentRows } from '../incidents/rows.ts';
import { EntitySearch } from '../search/entities.ts';
import { SearchIndex } from '../search/index.ts';
import type { Vault } from '../rest/vault.ts';
import type { Opened, Sqlite } from '../store/database.ts';
import { inTheClear } from './clear.ts';
import { Store, type Author, type Transaction } from '../store/store.ts';
import { Keyring, type Restriction } from './keyring.ts';
import { outsideWords } from './words.ts';

/** The keys of a console but those of some incidents. */
class LesserKeyring extends Keyring {
  readonly #whole: Keyring;
  readonly #hidden: ReadonlySet<string>;

  constructor(whole: Keyring, identity: Context['identity'], hidden: ReadonlySet<string>) {
    super(identity);
    this.#whole = whole;
    this.#hidden = hidden;
  }

  override load(): { came: boolean; went: boolean } {
    return { came: false, went: false };
  }
  override get(scope: string): Restriction | null {
    const known = this.#whole.get(scope);
    return known && this.#hidden.has(scope) ? { ...known, keys: [] } : known;
  }
  override all(): readonly Restriction[] {
    return this.#whole.all().map(({ scope }) => this.get(scope)!);
  }
  override open(op: Op): Op | null {
    return this.#hidden.has(op.scope) ? null : this.#whole.open(op);
  }
  override secretsOf(scope: string): { key: string; secret: Buffer }[] {
    return this.#hidden.has(scope) ? [] : this.#whole.secretsOf(scope);
  }
  override copy(): Record<string, string> {
    return this.#whole.copy();
  }
}

class LesserStore extends Store {
  readonly #whole: Store;
  readonly #hidden: ReadonlySet<string>;

  constructor(whole: Store, opened: Opened, context: Pick<Context, 'identity' | 'now'>, hidden: ReadonlySet<string>) {
    const { identity, now } = context;
    super(opened, identity, now, new LesserKeyring(whole.keyring, identity, hidden));
    this.#whole = whole;
    this.#hidden = hidden;
  }

  override get opCount(): number {
    return this.#whole.opCount;
  }
  override get head(): { id: string; seq: number } | null {
    return this.#whole.head;
  }
  override setMeta(key: string, value: string): void {
    this.#whole.setMeta(key, value);
  }
  override reply(request: string): string | null {
    return this.#whole.reply(request);
  }
  override ingest(...given: Parameters<Store['ingest']>): ReturnType<Store['ingest']> {
    return this.#whole.ingest(...given);
  }
  override takeKeptOut(console: string): number {
    return this.#whole.takeKeptOut(console);
  }
  override rebuild(): ReturnType<Store['rebuild']> {
    return this.#whole.rebuild();
  }
  override hash(): string {
    return this.#whole.hash();
  }

  override commit<T>(author: Author, work: (tx: Transaction) => T, request?: string): T {
    const hidden = this.#hidden;
    return this.#whole.commit(
      author,
      (tx) =>
        work({
          append: (draft) => {
            if (hidden.has(draft.scope)) throw new Refusal('forbidden', outsideWords(this, draft.scope));
            return tx.append(draft);
          },
          entity: (kind, scope, id) => (hidden.has(scope) ? this.entity(kind, scope, id) : tx.entity(kind, scope, id)),
          headIds: (kind, scope, ...rest) => (hidden.has(scope) ? [] : tx.headIds(kind, scope, ...rest)),
          additionIds: (kind, scope, ...rest) => (hidden.has(scope) ? [] : tx.additionIds(kind, scope, ...rest)),
        }),
      request,
    );
  }
}

type Base = Omit<Context, 'session' | 'caller' | 'settings' | 'commit'>;

/** What a context has of its own behind a veil. */
type Lesser = Pick<Context, 'store' | 'incidents' | 'conflicts' | 'impact' | 'search' | 'entities'>;

interface Veil {
  hidden: readonly string[];
  db: Sqlite;
  lesser: Lesser;
  stale: boolean;
}

/** Sets of incidents that are hidden from somebody at the same time. */
const MOST = 6;

export class Veils {
  readonly #context: () => Base;
  readonly #file: string;
  readonly #vault: Vault;
  readonly #veils = new Map<string, Veil>();

  /** @param file the database, for a connection of its own */
  constructor(file: string, vault: Vault, context: () => Base) {
    this.#file = file;
    this.#vault = vault;
    this.#context = context;
  }

  /** What to read from for whom these incidents are hidden. */
  behind(hidden: readonly string[]): Lesser {
    const name = hidden.join(' ');
    let veil = this.#veils.get(name);
    if (!veil) {
      if (this.#veils.size >= MOST) this.#drop(this.#veils.keys().next().value!);
      this.#veils.set(name, (veil = this.#make(hidden)));
    } else if (veil.stale) {
      fill(veil.db, this.#context().store, veil.hidden);
      veil.stale = false;
      refresh(veil, null);
    }
    return veil.lesser;
  }

  /** Takes over what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    for (const veil of this.#veils.values()) {
      veil.stale ||= touched === null || touched.some(({ scope }) => veil.hidden.includes(scope));
      refresh(veil, touched);
    }
  }

  close(): void {
    for (const name of [...this.#veils.keys()]) this.#drop(name);
  }

  #drop(name: string): void {
    this.#veils.get(name)!.db.close();
    this.#veils.delete(name);
  }

  #make(hidden: readonly string[]): Veil {
    const context = this.#context();
    const db = this.#vault.open(this.#file, { readonly: true, timeout: 5000 });
    try {
      db.pragma('trusted_schema = OFF');
      db.pragma('temp_store = MEMORY');
      db.exec(VEIL);
      fill(db, context.store, hidden);
      const opened: Opened = {
        ...{ db, file: this.#file, writable: context.store.writable, warning: null, migrated: [] },
        close: () => db.close(),
      };
      const store = new LesserStore(context.store, opened, context, new Set(hidden));
      const lesser = {
        store,
        incidents: new IncidentRows(store),
        conflicts: new ConflictBook(store),
        impact: new ImpactBook(store),
        search: new SearchIndex(store, hidden, context.search),
        entities: new EntitySearch(store, context.estate, context.runbooks),
      };
      return { hidden, db, lesser, stale: false };
    } catch (error) {
      db.close();
      throw error;
    }
  }
}

function refresh({ lesser }: Veil, touched: readonly EntityRef[] | null): void {
  lesser.incidents.refresh(touched);
  lesser.conflicts.refresh(touched);
  lesser.impact.refresh(touched);
  lesser.entities.refresh(touched);
}

/** The projections as this connection has them: temporary views go before the tables of the file. */
const VEIL = `
  CREATE TEMP TABLE hidden (scope TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TEMP TABLE clear_entity (kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (kind, scope, id)) WITHOUT ROWID;
  CREATE TEMP TABLE clear_entry (n INTEGER PRIMARY KEY, scope TEXT NOT NULL, at INTEGER NOT NULL, subject TEXT);
  CREATE TEMP VIEW entity AS
    SELECT kind, scope, id, state FROM main.entity WHERE scope NOT IN (SELECT scope FROM hidden)
    UNION ALL SELECT kind, scope, id, state FROM clear_entity;
  CREATE TEMP VIEW entry AS
    SELECT n, scope, at, subject FROM main.entry WHERE scope NOT IN (SELECT scope FROM hidden)
    UNION ALL SELECT n, scope, at, subject FROM clear_entry;`;

/** Fills in what was written in the clear of the hidden incidents. */
function fill(db: Sqlite, store: Store, hidden: readonly string[]): void {
  db.exec('DELETE FROM temp.hidden; DELETE FROM temp.clear_entity; DELETE FROM temp.clear_entry;');
  const hide = db.prepare('INSERT INTO temp.hidden (scope) VALUES (?)');
  for (const scope of hidden) hide.run(scope);
  const { entities, entries } = inTheClear(db, hidden, store.console);
  const entity = db.prepare('INSERT INTO temp.clear_entity (kind, scope, id, state) VALUES (?, ?, ?, ?)');
  for (const row of entities) entity.run(row.kind, row.scope, row.id, row.state);
  const entry = db.prepare('INSERT INTO temp.clear_entry (n, scope, at, subject) VALUES (?, ?, ?, ?)');
  for (const row of entries) entry.run(row.n, row.scope, row.at, row.subject);
}
