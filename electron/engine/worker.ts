/**
 * Entry of the engine's worker thread, for work that reads the whole log. Invariant: it opens the database for reading
 * only, so whatever happens here nothing is written and the engine goes on answering.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PLAIN, vaultWith } from './rest/vault.ts';
import { asFailure, TASKS, type FromWorker, type TaskName } from './tasks.ts';

const { task, file, input, key } = workerData as {
  task: TaskName;
  file: string;
  input: never;
  /** Of an encrypted folder. */
  key: Uint8Array | null;
};
const send = (message: FromWorker) => parentPort!.postMessage(message);

const vault = key === null ? PLAIN : await vaultWith(Buffer.from(key));
const db = vault.open(file, { readonly: true, timeout: 5000 });
try {
  const progress = (done: number, bytes?: number) => send({ type: 'progress', done, bytes });
  send({ type: 'done', value: await TASKS[task](db, input, progress, vault) });
} catch (error) {
  send({ type: 'failed', ...asFailure(error) });
} finally {
  db.close();
}
