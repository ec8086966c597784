/** Catalogs as texts, and an estate that lives through their imports. */
import { Catalog } from '../../shared/domain/catalog/catalog.ts';
import { planCatalog, type CatalogPlan, type Existing, type PlanOptions } from '../../shared/domain/catalog/plan.ts';
import { writeCatalog, type CatalogFile, type Estate } from '../../shared/domain/catalog/write.ts';
import type { Problem } from '../../shared/contract/common.ts';
import { ESTATE_KINDS, readEntity, type EstateEntity, type EstateKind } from '../../shared/domain/estate.ts';

export type Files = Record<string, string>;

export function readFiles(files: Files): Catalog {
  const catalog = new Catalog();
  for (const [file, text] of Object.entries(files)) for (const _ of catalog.read(file, text));
  return catalog;
}

export interface Imported extends CatalogPlan {
  problems: Problem[];
}

/** An estate as a console keeps it: what an import writes is merged field by field, what it removes stays as a tombstone. */
export class TestEstate {
  readonly #entities = new Map<string, Existing>();

  existing(): Existing[] {
    return [...this.#entities.values()];
  }

  import(files: Files | Catalog, options: Partial<PlanOptions> = {}): Imported {
    const catalog = files instanceof Catalog ? files : readFiles(files);
    const plan = planCatalog(catalog, this.existing(), { origin: 'test', ...options });
    for (const change of plan.changes) {
      const key = `${change.kind} ${change.id}`;
      const before = this.#entities.get(key);
      const put = change.do === 'put' ? change.fields : {};
      this.#entities.set(key, {
        kind: change.kind,
        id: change.id,
        fields: { ...before?.fields, ...put },
        gone: change.do === 'remove',
      });
    }
    return { ...plan, problems: catalog.problems.list() };
  }

  get<K extends EstateKind>(kind: K, id: string): EstateEntity<K> | null {
    const entity = this.#entities.get(`${kind} ${id}`);
    return entity && !entity.gone ? readEntity(kind, id, entity.fields) : null;
  }

  all<K extends EstateKind>(kind: K): EstateEntity<K>[] {
    return this.existing().flatMap((entity) =>
      entity.kind === kind && !entity.gone ? (readEntity(kind, entity.id, entity.fields) ?? []) : [],
    );
  }

  ids(kind: EstateKind): string[] {
    return this.all(kind)
      .map(({ id }) => id)
      .sort();
  }

  export(): CatalogFile[] {
    const kinds = Object.keys(ESTATE_KINDS) as EstateKind[];
    const estate = Object.fromEntries(kinds.map((kind) => [kind, this.all(kind)])) as unknown as Estate;
    return [...writeCatalog(estate)].filter((file) => file !== null);
  }

  exportedFiles(): Files {
    return Object.fromEntries(this.export().map(({ path, text }) => [path, text]));
  }
}

/** A Component with what a test wants to say of it. */
export function component(name: string, more: { annotations?: string; spec?: string; metadata?: string } = {}): string {
  return [
    'apiVersion: backstage.io/v1alpha1',
    'kind: Component',
    'metadata:',
    `  name: ${name}`,
    ...indented(more.metadata, 2),
    ...(more.annotations === undefined ? [] : ['  annotations:', ...indented(more.annotations, 4)]),
    'spec:',
    '  type: service',
    ...indented(more.spec, 2),
    '',
  ].join('\n');
}

function indented(text: string | undefined, spaces: number): string[] {
  return text === undefined ? [] : text.split('\n').map((line) => ' '.repeat(spaces) + line);
}

export function documents(...texts: string[]): string {
  return texts.join('---\n');
}

/** Problems as `file:line field`, which is what a person looks for. */
export function places(problems: Problem[], severity?: Problem['severity']): string[] {
  return problems
    .filter((problem) => severity === undefined || problem.severity === severity)
    .map(({ file, line, field }) => `${file}:${line} ${field}`.trim());
}
