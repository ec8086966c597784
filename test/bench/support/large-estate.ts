/** A data folder with an invented estate whose services are watched by one Alertmanager. */
import { fileURLToPath } from 'node:url';
import { loadIdentity } from '../../../electron/engine/access/identity.ts';
import { openEngine } from '../../../electron/engine/engine.ts';
import { openDatabase } from '../../../electron/engine/store/database.ts';
import { Store } from '../../../electron/engine/store/store.ts';
import type { EstateMap } from '../../../shared/contract/estate.ts';
import { dependencyId } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';

const ASSETS = fileURLToPath(new URL('../../../assets/', import.meta.url));

/** @param alerts where Alertmanager answers, and how often it is asked, s */
export async function fillEstate(
  data: string,
  { services, dependencies }: EstateMap,
  alerts: { url: string; intervalSeconds: number },
): Promise<void> {
  const file = openDatabase(data);
  const store = new Store(file, loadIdentity(data), Date.now);
  const put = (kind: string, entities: readonly [string, Record<string, unknown>][]): void =>
    store.commit({ actor: 'system', zone: 'Europe/Vienna' }, (tx) => {
      for (const [id, fields] of entities)
        tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields } });
    });
  put(
    'service',
    services.map(({ id, name, kind, domain, tier, system }) => [
      id,
      {
        ref: `component:default/${id}`,
        ...{ name, kind, domain, tier, system },
        alertMatch: [[{ label: 'service', op: '=', value: id }]],
      },
    ]),
  );
  put(
    'dependency',
    dependencies.map(({ from, to, strength, mode }) => [dependencyId(from, to), { from, to, strength, mode }]),
  );
  file.close();
  const engine = await openEngine({ data, assets: ASSETS, version: 'bench' });
  try {
    const reply = await engine.call('sources.add', { type: 'alertmanager', id: 'alerts', config: alerts });
    if (!reply.ok) throw new Error(reply.message);
  } finally {
    await engine.close();
  }
}
