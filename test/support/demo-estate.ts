/** The demonstration's files as the importer makes entities of them, and the mapping that a source is given of those. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '../../electron/engine/sources/source.ts';
import type { Problem } from '../../shared/contract/common.ts';
import { Catalog } from '../../shared/domain/catalog/catalog.ts';
import { planCatalog } from '../../shared/domain/catalog/plan.ts';
import { storeNumber } from '../../shared/domain/stores.ts';
import { readEntity, type EstateEntity, type EstateKind } from '../../shared/domain/estate.ts';

export const DEMO = new URL('../../assets/demo/', import.meta.url).pathname;
export const RUNBOOKS = new URL('../../assets/runbooks/', import.meta.url).pathname;

export interface DemoEstate {
  /** Everything that an import would complain of. */
  problems: Problem[];
  of<K extends EstateKind>(kind: K): EstateEntity<K>[];
  mapping: Mapping;
}

export function readDemoEstate(): DemoEstate {
  const catalog = new Catalog();
  const root = join(DEMO, 'estate');
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    for (const _ of catalog.read(file, readFileSync(join(root, file), 'utf8')));
  }
  const runbooks = new Set(readdirSync(RUNBOOKS).map((name) => name.replace(/\.md$/, '')));
  const { changes } = planCatalog(catalog, [], { origin: 'demonstration', runbooks });
  const of = <K extends EstateKind>(kind: K) =>
    changes.flatMap((change) =>
      change.do === 'put' && change.kind === kind ? (readEntity(kind, change.id, change.fields) ?? []) : [],
    );
  const name = (one: { name: string; title: string }) => one.title || one.name;
  return {
    problems: catalog.problems.list(),
    of,
    mapping: {
      revision: 1,
      services: of('service').map((one) => ({
        id: one.id,
        name: name(one),
        metrics: one.metrics,
        alertMatch: one.alertMatch,
        vendorStatus: one.vendorStatus,
      })),
      businessServices: of('business-service').map((one) => ({
        id: one.id,
        name: name(one),
        throughput: one.throughput,
        baseline: one.baseline,
        calendar: [
          ...of('calendar').flatMap(({ calendar }) => calendar),
          ...one.calendar.map((entry) => ({ ...entry, businessServices: [] })),
        ],
      })),
      stores: of('store').map((one) => ({
        id: one.id,
        name: name(one),
        number: storeNumber(one.id, name(one)),
        region: one.region,
        share: one.share,
      })),
    },
  };
}
