/**
 * The incidents in memory, because every screen asks for them. Invariant: equal to what the projections say: read once,
 * and after a commit only what the commit touched is read again.
 */
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

export class IncidentRows {
  readonly #store: Store;
  #rows: Map<string, EntityRow> | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Those that were declared: an op about an incident whose declaration has not arrived shows nothing yet. */
  declared(): EntityRow[] {
    this.#rows ??= new Map(this.#store.entities('incident').filter(isDeclared).map((row) => [row.id, row]));
    return [...this.#rows.values()];
  }

  /** Reads again what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) this.#rows = null;
    if (this.#rows === null) return;
    for (const { kind, scope, id } of touched ?? []) {
      if (kind !== 'incident') continue;
      const row = this.#store.entity(kind, scope, id);
      if (row && !row.gone && isDeclared(row)) this.#rows.set(id, row);
      else this.#rows.delete(id);
    }
  }
}

function isDeclared({ doc }: EntityRow): boolean {
  return typeof doc['number'] === 'number';
}
