/**
 * Where the contested registers are. Invariant: equal to what the projections say; a scope is looked through when it is
 * first asked for, and again only after a commit touched it.
 */
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

/** Kinds of entities that have contested registers. */
export const CONTESTED_KINDS = [
  'access-role',
  'cleanup',
  'console',
  'handover',
  'incident',
  'restoration',
  'restriction',
  'run',
  'suggestion',
] as const;

/** Only what has two heads is worth reading; two that say the same are no conflict, which `project` decides. */
const FORKED = `
  SELECT kind, scope, id FROM entity
  WHERE kind IN (${CONTESTED_KINDS.map((kind) => `'${kind}'`).join(', ')}) AND EXISTS (
    SELECT 1 FROM json_each(entity.state, '$.contested') AS register
    WHERE (SELECT count(*) FROM json_each(register.value, '$.heads')) > 1
  )`;

interface Key {
  kind: string;
  scope: string;
  id: string;
}

export class ConflictBook {
  readonly #store: Store;
  readonly #known = new Map<string, Key[]>();
  /** Whether scopes that are not in `#known` are known to have none. */
  #complete = false;
  readonly #ofScope;
  readonly #ofAll;

  constructor(store: Store) {
    this.#store = store;
    this.#ofScope = store.db.prepare<[string], Key>(`${FORKED} AND scope = ? ORDER BY kind, id`);
    this.#ofAll = store.db.prepare<[], Key>(`${FORKED} ORDER BY scope, kind, id`);
  }

  /** The entities of a scope with a conflict. */
  of(scope: string): EntityRow[] {
    let keys = this.#known.get(scope);
    if (!keys) {
      if (this.#complete) return [];
      this.#known.set(scope, (keys = this.#ofScope.all(scope)));
    }
    return keys.flatMap(({ kind, id }) => {
      const row = this.#store.entity(kind, scope, id);
      return row?.doc.conflicts ? [row] : [];
    });
  }

  /** The scopes in which something is contested. */
  scopes(): string[] {
    if (!this.#complete) {
      this.#known.clear();
      for (const [scope, keys] of Map.groupBy(this.#ofAll.all(), (key) => key.scope)) this.#known.set(scope, keys);
      this.#complete = true;
    }
    return [...this.#known.keys()].filter((scope) => this.of(scope).length > 0);
  }

  /** Takes over what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) {
      this.#known.clear();
      this.#complete = false;
      return;
    }
    const scopes = new Set(
      touched.flatMap(({ kind, scope }) => ((CONTESTED_KINDS as readonly string[]).includes(kind) ? scope : [])),
    );
    for (const scope of scopes)
      if (this.#complete) this.#known.set(scope, this.#ofScope.all(scope));
      else this.#known.delete(scope);
  }
}
