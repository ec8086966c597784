/**
 * The incidents in memory, because every screen asks for them. Invariant: equal to what the projections say. At first only
 * what a label and a list of open ones need is read of each; afterwards only what a commit touched is read again.
 */
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { Sqlite } from '../store/database.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

export interface Brief {
  id: string;
  number: number;
  /** ms */
  declaredAt: number;
  /** Restricted from its first word on: such incidents are numbered by themselves, for whoever must not know how many there are. */
  restricted: boolean;
}

interface Known extends Brief {
  open: boolean;
  /** Read when it is first asked for. */
  row: EntityRow | null;
}

/** INC-0042, or RES-0003 of a restricted one; two incidents that were given one number while apart are told apart by a letter, oldest first. */
export function labelsOf(briefs: Iterable<Brief>): Map<string, string> {
  const result = new Map<string, string>();
  const named = ({ number, restricted }: Brief): string =>
    `${restricted ? 'RES' : 'INC'}-${String(number).padStart(4, '0')}`;
  for (const [label, same] of Map.groupBy(briefs, named)) {
    same.sort((a, b) => a.declaredAt - b.declaredAt || (a.id < b.id ? -1 : 1));
    same.forEach(({ id }, index) => result.set(id, index === 0 ? label : `${label}${String.fromCharCode(97 + index)}`));
  }
  return result;
}

export function briefOf({ id, doc }: EntityRow): Brief {
  return {
    id,
    number: Number(doc['number']),
    declaredAt: Number(doc['declaredAt']),
    restricted: doc['restricted'] === true,
  };
}

export class IncidentRows {
  readonly #store: Store;
  #known: Map<string, Known> | null = null;
  #labels: Map<string, string> | null = null;
  #debt: Map<string, number> | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Those that were declared: an op about an incident whose declaration has not arrived shows nothing yet. */
  declared(): EntityRow[] {
    return [...this.#all().values()].flatMap((known) => this.#rowOf(known) ?? []);
  }

  /** Those that are neither resolved nor closed, as far as it is known: of one that goes on in secret it is not. */
  open(): EntityRow[] {
    return [...this.#all().values()].flatMap((known) =>
      known.open && !this.isOutside(known.id) ? (this.#rowOf(known) ?? []) : [],
    );
  }

  /** Whether what is written of an incident now cannot be read here. */
  isOutside(id: string): boolean {
    const restriction = this.#store.keyring.get(id);
    return restriction !== null && restriction.restricted && restriction.keys.length === 0;
  }

  briefs(): Brief[] {
    return [...this.#all().values()];
  }

  /** What each is called, by id. */
  labels(): ReadonlyMap<string, string> {
    this.#labels ??= labelsOf(this.#all().values());
    return this.#labels;
  }

  /** How many cleanup items of each incident are not reconciled, by id; incidents without one are left out. */
  debt(): ReadonlyMap<string, number> {
    this.#debt ??= new Map(
      this.#store.db
        .prepare<[], { scope: string; items: number }>(DEBT)
        .all()
        .map(({ scope, items }) => [scope, items]),
    );
    return this.#debt;
  }

  /** One by its id, with its row; null when it was not declared here. */
  get(id: string): EntityRow | null {
    const known = this.#all().get(id);
    return known ? this.#rowOf(known) : null;
  }

  /** Takes over what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) {
      this.#known = null;
      this.#labels = null;
      this.#debt = null;
      return;
    }
    for (const { kind, scope, id } of touched) {
      if (kind === 'cleanup') this.#debt = null;
      if (kind !== 'incident' || this.#known === null) continue;
      this.#labels = null;
      const row = this.#store.entity(kind, scope, id);
      if (row && !row.gone && typeof row.doc['number'] === 'number') {
        this.#known.set(id, { ...briefOf(row), open: !isOver(row.doc['status'] as Status), row });
      } else this.#known.delete(id);
    }
  }

  #rowOf(known: Known): EntityRow | null {
    known.row ??= this.#store.entity('incident', known.id, known.id);
    return known.row;
  }

  #all(): Map<string, Known> {
    this.#known ??= new Map(
      this.#store.db
        .prepare<[], Omit<Brief, 'restricted'> & { open: number; restricted: number | null }>(BRIEFS)
        .all()
        .map(({ open, restricted, ...brief }) => [
          brief.id,
          { ...brief, restricted: restricted === 1, open: open === 1, row: null },
        ]),
    );
    return this.#known;
  }
}

/** Over is what no known op contradicts: of several statuses the one of the least progress is in force. */
const BRIEFS = `
  SELECT id, json_extract(state, '$.fields.number.value') AS number, json_extract(state, '$.fields.declaredAt.value') AS declaredAt,
    json_extract(state, '$.fields.restricted.value') AS restricted,
    json_extract(state, '$.contested.status.heads') IS NULL OR EXISTS (
      SELECT 1 FROM json_each(state, '$.contested.status.heads') WHERE COALESCE(json_extract(value, '$.value'), '') NOT IN ('resolved', 'closed')
    ) AS open
  FROM entity
  WHERE kind = 'incident' AND json_type(state, '$.fields.number.value') = 'integer' AND json_extract(state, '$.gone.value') IS NOT 1
  ORDER BY id`;

/** The ids of the incidents that are not over, the newest first. */
export function newestOpen(db: Sqlite, limit: number): string[] {
  return db
    .prepare<[number], string>(`SELECT id FROM (${BRIEFS}) WHERE open = 1 ORDER BY declaredAt DESC, id LIMIT ?`)
    .pluck()
    .all(limit);
}

/** Of several states the one of the least progress is in force: one that says "not reconciled" is enough. */
const DEBT = `
  SELECT scope, COUNT(*) AS items FROM entity
  WHERE kind = 'cleanup' AND json_type(state, '$.fields.title.value') = 'text' AND EXISTS (
    SELECT 1 FROM json_each(state, '$.contested.reconciliation.heads') WHERE json_extract(value, '$.value') IS NOT 'reconciled'
  )
  GROUP BY scope`;
