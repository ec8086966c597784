/**
 * What encryption at rest costs: the same work on an encrypted folder and on one that is not, alternating. `append_ratio` is the median of one durable
 * commit, `open_ratio` the opening of a console with some thousands of ops behind a key that is already known, `size_ratio` the database.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { PLAIN, vaultWith, type Vault } from '../../electron/engine/rest/vault.ts';
import { DATABASE_FILE, openDatabase } from '../../electron/engine/store/database.ts';
import { MIGRATIONS } from '../../electron/engine/store/migrations.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { atMost, bench, median, told } from './support/report.ts';

const OPS = 5000;

interface Side {
  data: string;
  vault: Vault;
  append: number[];
  open: number[];
}

await bench('rest', 10, async (runs) => {
  const vaults = [PLAIN, await vaultWith(Buffer.alloc(32, 7))];
  const sides: Side[] = vaults.map((vault) => ({
    ...{ data: mkdtempSync(join(tmpdir(), 'holdfast-rest-')), vault, append: [], open: [] },
  }));
  try {
    for (const side of sides) withStore(side, (store) => void Array.from({ length: OPS }, (_, n) => declare(store, n)));
    for (let run = 0; run < runs; run++)
      for (const side of run % 2 === 0 ? sides : sides.toReversed()) {
        const from = performance.now();
        withStore(side, (store) => {
          side.open.push(performance.now() - from);
          for (let n = 0; n < 200; n++) {
            const began = performance.now();
            declare(store, n);
            side.append.push(performance.now() - began);
          }
        });
      }
    const [plain, encrypted] = sides as [Side, Side];
    const size = ({ data }: Side) => statSync(join(data, DATABASE_FILE)).size;
    return {
      figures: [
        atMost('append_ratio', median(encrypted.append) / median(plain.append), 'x', 2),
        atMost('open_ratio', median(encrypted.open) / median(plain.open), 'x', 4),
        atMost('size_ratio', size(encrypted) / size(plain), 'x', 1.1),
        told('append_ms', median(encrypted.append), 'ms'),
        told('open_ms', median(encrypted.open), 'ms'),
        told('open_plain_ms', median(plain.open), 'ms'),
      ],
      runs,
    };
  } finally {
    for (const { data } of sides) rmSync(data, { recursive: true, force: true });
  }
});

function withStore({ data, vault }: Side, work: (store: Store) => void): void {
  const opened = openDatabase(data, MIGRATIONS, vault);
  try {
    work(new Store(opened, loadIdentity(data, vault), Date.now));
  } finally {
    opened.close();
  }
}

function declare(store: Store, n: number): void {
  store.commit({ actor: 'bench', zone: 'UTC' }, (tx) =>
    tx.append({
      scope: `incident-${n % 50}`,
      type: 'entry.note',
      payload: { text: `Line ${n}: the pool of the payment service has no free connection left.` },
    }),
  );
}
