/**
 * Records of other organisations: incidents whose consoles are not enrolled here. Invariant: they never enter the log. Each
 * is kept as the slices that prove it and is shown from a database of its own in memory, where nothing but those slices,
 * checked once more, and the unsigned names that came with them is in.
 */
import { generateKeyPairSync } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { IncidentLite, IncidentView } from '../../../shared/contract/incident.ts';
import type { VerifyView } from '../../../shared/contract/record.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { Slice } from '../../../shared/ops/segment.ts';
import { consoleIdOf, rawKey, type Identity } from '../access/identity.ts';
import type { Context } from '../context.ts';
import { EstateView, personName } from '../estate/view.ts';
import { IncidentRows } from '../incidents/rows.ts';
import { findIncident, incidentLites, incidentView } from '../incidents/view.ts';
import { verify } from '../record/verify.ts';
import type { Sqlite } from '../store/database.ts';
import { storageRefusal } from '../store/failure.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import type { EntityRow } from '../store/projection.ts';
import { Store } from '../store/store.ts';
import type { ForeignMark } from './document.ts';
import { isForeign } from './foreign-id.ts';

/** What is kept of a foreign export. */
export const ForeignRecord = z.object({
  incident: z.string(),
  organisation: z.string(),
  /** Its estate is invented. */
  demonstration: z.boolean(),
  console: z.string(),
  made: z.int(),
  names: z.object({
    people: z.record(z.string(), z.string()),
    services: z.record(z.string(), z.string()),
    businessServices: z.record(z.string(), z.string()),
    sources: z.record(z.string(), z.string()),
  }),
  slices: z.array(Slice),
});
export type ForeignRecord = z.infer<typeof ForeignRecord>;

/** An incident with the place that holds it. */
export interface FoundRecord {
  /** Reads from where the incident is. */
  context: Context;
  row: EntityRow;
  foreign: ForeignMark;
  /** Of a foreign record: what checking it came to. */
  verification: VerifyView;
}

/** The estate as a document calls it: who used a machine without being in the estate is named as such, wherever it is read. */
class DocumentEstate extends EstateView {
  override actorName(actor: string): string {
    if (actor === 'system') return 'Holdfast';
    const person = this.get('person', actor);
    if (person) return personName(person);
    return actor.startsWith('local:') ? `${actor.slice(6)} (not in the estate)` : actor;
  }
}

/**
 * The incident that a person means, in our own log or among the foreign records.
 * @throws Refusal `not_found`
 */
export function findRecord(
  context: Context,
  key: string,
): FoundRecord | (Omit<FoundRecord, 'foreign' | 'verification'> & { foreign: null }) {
  try {
    return {
      context: { ...context, estate: new DocumentEstate(context.store) },
      row: findIncident(context, key),
      foreign: null,
    };
  } catch (error) {
    const foreign = findForeign(context, key);
    if (foreign) return foreign;
    throw error;
  }
}

/** The context that reads the incident which a person means, and its row there. @throws Refusal `not_found` */
export function locate(context: Context, key: string): { context: Context; row: EntityRow; foreign: ForeignMark } {
  try {
    return { context, row: findIncident(context, key), foreign: null };
  } catch (error) {
    const found = findForeign(context, key);
    if (found) return found;
    throw error;
  }
}

/** A foreign record as its room shows it: nothing here watches its services, and nothing is proposed. */
export function foreignView(found: {
  context: Context;
  row: EntityRow;
  foreign: NonNullable<ForeignMark>;
}): IncidentView {
  const view = incidentView(found.context, found.row);
  const reason = 'A foreign record: its services are not watched here.';
  const unknown = { health: 'unknown', since: null, source: null, observedAt: null, reason, last: null } as const;
  return {
    ...view,
    label: labelOf(view.label, found.foreign),
    suggestedRunbooks: [],
    health: view.health.map((each) => ({ ...each, health: unknown })),
  };
}

/** Every foreign record that our own log does not have as well. */
export function foreignLites(context: Context): IncidentLite[] {
  return idsOf(context).flatMap((id) => {
    const found = openForeign(context, id);
    if (!found || context.store.entity('incident', id, id)) return [];
    const [lite] = incidentLites(found.context, [found.row]);
    return lite ? [{ ...lite, label: labelOf(lite.label, found.foreign!), foreign: found.foreign }] : [];
  });
}

/** INC-0042@acme-retail: whose it is, so that it is not taken for one of ours. */
function labelOf(label: string, { organisation, console }: NonNullable<ForeignMark>): string {
  const slug = organisation
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30);
  return `${label}@${slug || console.slice(0, 8)}`;
}

function findForeign(context: Context, key: string): FoundRecord | null {
  if (isForeign(context.store.db, key)) return openForeign(context, key);
  const wanted = key.trim().toLowerCase();
  for (const id of idsOf(context)) {
    const found = openForeign(context, id);
    if (!found) continue;
    const [lite] = incidentLites(found.context, [found.row]);
    if (lite && [lite.label, labelOf(lite.label, found.foreign!)].some((label) => label.toLowerCase() === wanted))
      return found;
  }
  return null;
}

function idsOf({ store }: Context): string[] {
  return store.db.prepare<[], string>('SELECT DISTINCT incident FROM foreign_record ORDER BY incident').pluck().all();
}

/** Whether a document with this hash is kept already. */
export function isKept({ store }: Context, incident: string, hash: string): boolean {
  return (
    store.db
      .prepare<[string, string], number>('SELECT 1 FROM foreign_record WHERE incident = ? AND hash = ?')
      .pluck()
      .get(incident, hash) === 1
  );
}

/** Keeps a foreign record beside the log. @throws Refusal `storage` */
export function keepForeign({ store, now }: Context, record: ForeignRecord, hash: string): void {
  if (!store.writable)
    throw new Refusal('storage', 'The data folder cannot be written: nothing can be saved.', { retryable: true });
  try {
    store.db
      .prepare('INSERT OR IGNORE INTO foreign_record (incident, hash, taken, document) VALUES (?, ?, ?, ?)')
      .run(record.incident, hash, now(), deflateSync(JSON.stringify(record)));
  } catch (error) {
    throw storageRefusal(error) ?? error;
  }
}

interface Opened {
  stamp: string;
  store: Store;
  estate: EstateView;
  incidents: IncidentRows;
  foreign: NonNullable<ForeignMark>;
  verification: VerifyView;
}

/** What was opened, by the database that it is kept in; a few, because each is a database in memory. */
const opened = new WeakMap<Sqlite, Map<string, Opened>>();
const MOST_OPEN = 4;

function openForeign(context: Context, incident: string): FoundRecord | null {
  const { db } = context.store;
  const cache = opened.get(db) ?? new Map<string, Opened>();
  opened.set(db, cache);
  const rows = db
    .prepare<[string], { hash: string; taken: number; document: Buffer }>(
      'SELECT hash, taken, document FROM foreign_record WHERE incident = ? ORDER BY taken, hash',
    )
    .all(incident);
  const stamp = rows.map(({ hash }) => hash).join(' ');
  let here = cache.get(incident);
  if (here?.stamp !== stamp) {
    here?.store.db.close();
    here = assemble(rows, stamp);
  }
  cache.delete(incident);
  cache.set(incident, here);
  for (const [id, { store }] of cache) {
    if (cache.size <= MOST_OPEN) break;
    store.db.close();
    cache.delete(id);
  }
  const row = here.store.entity('incident', incident, incident);
  if (!row || typeof row.doc['number'] !== 'number') return null;
  const { store, estate, incidents, foreign, verification } = here;
  return { context: { ...context, store, estate, incidents }, row, foreign, verification };
}

/** Builds the database of a record from all that was taken of it. */
function assemble(rows: readonly { taken: number; document: Buffer }[], stamp: string): Opened {
  const db = new Database(':memory:');
  for (const migration of MIGRATIONS) db.exec(migration.sql);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const scratch: Identity = { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
  let clock = 0;
  const store = new Store(
    { db, file: ':memory:', writable: true, warning: null, migrated: [], close: () => db.close() },
    scratch,
    () => clock,
  );
  let newest: ForeignRecord | null = null;
  for (const { taken, document } of rows) {
    clock = taken;
    const record = ForeignRecord.parse(JSON.parse(inflateSync(document).toString('utf8')));
    admit(store, record);
    store.ingest(record.slices, 'export');
    if (!newest || record.made >= newest.made) newest = record;
  }
  const { organisation, console, made } = newest!;
  return {
    stamp,
    store,
    estate: new DocumentEstate(store),
    incidents: new IncidentRows(store),
    foreign: { organisation, console, made },
    verification: check(store, clock),
  };
}

/** Lets the record's consoles count in its own database, and gives its ids the names that came with it. */
function admit(store: Store, { names, slices, organisation, demonstration }: ForeignRecord): void {
  const keys = new Map(slices.map(({ console, key }) => [console, key]));
  store.commit({ actor: 'system', zone: 'UTC' }, (tx) => {
    for (const [console, key] of keys) {
      tx.append({
        scope: ESTATE,
        type: 'console.enrol',
        payload: { console, key, name: '–' },
        base: tx.headIds('console', ESTATE, console, 'access'),
      });
    }
    const put = (kind: string, entries: Record<string, string>, more: Record<string, unknown> = {}) => {
      for (const [id, name] of Object.entries(entries)) {
        if (ID.test(id) && name !== id)
          tx.append({
            scope: ESTATE,
            type: 'estate.put',
            payload: { kind, id, fields: { name: name.slice(0, 2000), ...more } },
          });
      }
    };
    put('person', names.people);
    put('service', names.services, { ref: '' });
    put('business-service', names.businessServices);
    put('source', names.sources, { type: '' });
    tx.append({
      scope: ESTATE,
      type: 'estate.profile',
      payload: { name: organisation.slice(0, 500) || '–', demonstration },
    });
  });
}

const ID = /^[a-z0-9][A-Za-z0-9._:>-]{0,199}$/;

/** Checks the record's chains; the console that only holds it together is left out of the report. */
function check(store: Store, now: number): VerifyView {
  const report = verify(
    store.db,
    [],
    () => now,
    () => {},
    store.console,
  );
  const consoles = report.consoles.filter(({ id }) => id !== store.console);
  return { ...report, consoles, ops: consoles.reduce((sum, { ops }) => sum + ops, 0) };
}
