/** Work on the whole log that runs in a worker thread, and how to start it. */
import { Worker } from 'node:worker_threads';
import type { Sqlite } from './store/database.ts';
import { PLAIN, type Vault } from './rest/vault.ts';
import { Refusal, type RefusalCode } from '../../shared/contract/spec.ts';
import { inspectBundle } from './bundles/inspect.ts';
import { writeSlices } from './bundles/write.ts';
import { readSnapshot } from './snapshots/read.ts';
import { writeSnapshot } from './snapshots/write.ts';
import { verifyBackwards } from './record/backwards.ts';
import { verify, type Witness } from './record/verify.ts';

/** `done` in the task's own unit, and bytes of its file where it has one. */
type Progress = (done: number, bytes?: number) => void;

export const TASKS = {
  'bundle.write': writeSlices,
  'bundle.inspect': inspectBundle,
  'snapshot.read': readSnapshot,
  'snapshot.write': writeSnapshot,
  /** The database as a file of its own; for an encrypted one, whose pages cannot be copied while it is in use. */
  copy: (db: Sqlite, { to }: { to: string }) => void db.prepare('VACUUM INTO ?').run(to),
  verify: (
    db: Sqlite,
    input: { witnesses: Witness[]; console: string; keys: Record<string, string> },
    progress: Progress,
    vault: Vault,
  ) => verify(db, input.witnesses, Date.now, progress, input.console, vault, input.keys),
  'verify.backwards': (db: Sqlite, _input: object, progress: Progress) => verifyBackwards(db, progress),
} as const;

export type TaskName = keyof typeof TASKS;
export type TaskInput<K extends TaskName> = Parameters<(typeof TASKS)[K]>[1];
export type TaskOutput<K extends TaskName> = Awaited<ReturnType<(typeof TASKS)[K]>>;

/** An error as it crosses the thread's border. */
export interface Failure {
  message: string;
  /** Of the operating system or the database. */
  code: string | null;
  refusal: { code: RefusalCode; retryable: boolean } | null;
}

export type FromWorker =
  | { type: 'progress'; done: number; bytes?: number | undefined }
  | { type: 'done'; value: unknown }
  | ({ type: 'failed' } & Failure);

export function asFailure(error: unknown): Failure {
  const code = (error as { code?: unknown } | null)?.code;
  return {
    message: error instanceof Error ? error.message : String(error),
    code: typeof code === 'string' ? code : null,
    refusal: error instanceof Refusal ? { code: error.code, retryable: error.retryable } : null,
  };
}

function asError({ message, code, refusal }: Failure): Error {
  if (refusal) return new Refusal(refusal.code, message, { retryable: refusal.retryable });
  return Object.assign(new Error(message), code === null ? {} : { code });
}

export interface TaskRunner {
  /**
   * Runs a task on the database file and gives what it returned. When `signal` aborts, its thread is ended where it stands.
   * @throws the reason of `signal`, Refusal, or Error with the message and code of what went wrong in the task or of its thread's death.
   */
  run<K extends TaskName>(
    task: K,
    input: TaskInput<K>,
    progress?: Progress,
    signal?: AbortSignal,
  ): Promise<TaskOutput<K>>;
  /** Stops what is running. */
  close(): Promise<void>;
}

/** Runs tasks on `file` in threads that start from `entry`. */
export function createTaskRunner(entry: URL, file: string, { key }: Vault = PLAIN): TaskRunner {
  const running = new Set<Worker>();
  return {
    run: <K extends TaskName>(task: K, input: TaskInput<K>, progress: Progress = () => {}, signal?: AbortSignal) =>
      new Promise<TaskOutput<K>>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const worker = new Worker(entry, { workerData: { task, file, input, key } });
        running.add(worker);
        const stop = () => {
          reject(signal!.reason as Error);
          void worker.terminate();
        };
        signal?.addEventListener('abort', stop);
        worker.on('message', (message: FromWorker) => {
          if (message.type === 'progress') progress(message.done, message.bytes);
          else if (message.type === 'done') resolve(message.value as TaskOutput<K>);
          else reject(asError(message));
        });
        worker.once('error', reject);
        worker.once('exit', () => {
          running.delete(worker);
          signal?.removeEventListener('abort', stop);
          reject(new Error(`The ${task} ended before it was done.`));
        });
      }),
    close: async () => {
      await Promise.all([...running].map((worker) => worker.terminate()));
    },
  };
}
