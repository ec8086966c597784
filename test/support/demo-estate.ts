/** The demonstration's files as the catalog reader sees them, and the mapping that its source would be given. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Mapping } from '../../electron/engine/sources/source.ts';
import { Catalog } from '../../shared/domain/catalog/catalog.ts';
import type { Draft, DraftKind, Relation } from '../../shared/domain/catalog/draft.ts';
import { formatRef } from '../../shared/domain/catalog/reference.ts';
import { readEntity, type EstateEntity, type EstateKind } from '../../shared/domain/estate.ts';

export const DEMO = new URL('../../assets/demo/', import.meta.url).pathname;
export const RUNBOOKS = new URL('../../assets/runbooks/', import.meta.url).pathname;

export interface DemoEstate {
  catalog: Catalog;
  drafts: Draft[];
  of(kind: DraftKind): Draft[];
  /** The entities that a reference of `draft` means. */
  joined(draft: Draft, relation: Relation, inverse?: boolean): Draft[];
  /** References that no descriptor answers to. */
  dangling: string[];
  /** `from → to` of services, by name, declared or by way of an API. */
  dependencies: Set<string>;
  mapping: Mapping;
}

export function readDemoEstate(): DemoEstate {
  const catalog = new Catalog();
  const root = join(DEMO, 'estate');
  for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml')).sort()) {
    for (const _ of catalog.read(relative(root, join(root, file)), readFileSync(join(root, file), 'utf8')));
  }
  const drafts = [...catalog.drafts.values()];
  const of = (kind: DraftKind) => drafts.filter((draft) => draft.kind === kind);
  const meant = (targets: Draft['ref'][]) => targets.map((ref) => catalog.drafts.get(formatRef(ref))).find((draft) => draft !== undefined);
  const joined = (draft: Draft, relation: Relation, inverse = false) =>
    draft.uses.filter((use) => use.relation === relation && use.inverse === inverse).flatMap((use) => meant(use.targets) ?? []);
  const dangling = drafts.flatMap((draft) =>
    [...draft.uses, ...draft.refine.map(({ use }) => use)]
      .filter((use) => meant(use.targets) === undefined)
      .map((use) => `${use.place.file}:${use.place.line}: ${use.text}`),
  );

  const dependencies = new Set<string>();
  const services = of('service');
  for (const service of services) {
    const providers = joined(service, 'consumes').flatMap((api) => services.filter((one) => joined(one, 'provides').includes(api)));
    for (const other of [...joined(service, 'depends'), ...providers]) dependencies.add(`${service.ref.name} → ${other.ref.name}`);
  }

  const entity = <K extends EstateKind>(kind: K, draft: Draft): EstateEntity<K> => readEntity(kind, draft.ref.name, draft.fields)!;
  return {
    catalog,
    drafts,
    of,
    joined,
    dangling,
    dependencies,
    mapping: {
      revision: 1,
      services: services.map((draft) => {
        const { id, name, metrics, alertMatch, vendorStatus } = entity('service', draft);
        return { id, name, metrics, alertMatch, vendorStatus };
      }),
      businessServices: of('business-service').map((draft) => {
        const { id, name, throughput, baseline } = entity('business-service', draft);
        return { id, name, throughput, baseline };
      }),
    },
  };
}
