/** Encrypts or decrypts a data folder and dies at a step: `node child.ts FOLDER encrypt|decrypt STEP`, with the passphrase as input. */
import { readFileSync } from 'node:fs';
import { loadIdentity } from '../../../electron/engine/access/identity.ts';
import { readKeyFile, unwrapWithPassphrase, wrapWithPassphrase } from '../../../electron/engine/rest/key-file.ts';
import { carryOut, type Turn } from '../../../electron/engine/rest/turn.ts';
import { checkOf, PLAIN, vaultWith } from '../../../electron/engine/rest/vault.ts';

const [data, what, last] = process.argv.slice(2) as [string, Turn['what'], string];
const passphrase = Buffer.from(readFileSync(0, 'utf8'));
const guess = { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 };

async function turn(): Promise<Turn> {
  const kept = readKeyFile(data);
  if (kept) return { what, content: kept, key: (await unwrapWithPassphrase(kept, passphrase))! };
  const key = Buffer.alloc(32, 7);
  const wrapped = await wrapWithPassphrase(key, passphrase, guess);
  const state = 'turning-on' as const;
  return {
    what,
    key,
    content: { format: 1, state, since: 1, check: checkOf(key), passphrase: wrapped, keychain: null },
  };
}

const order = await turn();
const vault = what === 'encrypt' ? PLAIN : await vaultWith(order.key);
await carryOut(data, order, loadIdentity(data, vault), 1, (step) => {
  if (step === last) process.kill(process.pid, 'SIGKILL');
});
