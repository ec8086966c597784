/**
 * Bundles that are read or written just now: how far, and how to stop one. Invariants: what was stopped ends with a
 * sentence; of an export nothing is left behind, of an import what was taken stays, whole ops in their order.
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { BundleWork } from '../../../shared/contract/exports.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import type { Store } from '../store/store.ts';

type View = z.infer<typeof BundleWork>;
type Doing = View['doing'];

/** Between two times that the screen is told, ms. */
const TELL_MS = 200;

/** By store, because it is what they read and write. */
const running = new WeakMap<Store, Set<Work>>();

export class Work {
  readonly #view: View;
  readonly #stop = new AbortController();
  readonly #tell: () => void;
  #told = 0;

  constructor(view: View, tell: () => void) {
    this.#view = view;
    this.#tell = tell;
  }

  get view(): View {
    return { ...this.#view };
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get stopped(): boolean {
    return this.#view.stopping;
  }

  /** Begins the next part of the work. */
  next(doing: Doing, of: { ops?: number | null; bytes?: number | null } = {}): void {
    const { ops = null, bytes = null } = of;
    Object.assign(this.#view, { doing, ops: 0, opsInAll: ops, bytes: 0, bytesInAll: bytes } satisfies Partial<View>);
    this.#told = performance.now();
    this.#tell();
  }

  /** How far it is; told to the screen from time to time. */
  at(ops: number, bytes: number): void {
    this.#view.ops = ops;
    this.#view.bytes = bytes;
    if (performance.now() - this.#told < TELL_MS) return;
    this.#told = performance.now();
    this.#tell();
  }

  stop(): void {
    if (this.stopped) return;
    this.#view.stopping = true;
    const { doing, file } = this.#view;
    const left = doing === 'check' || doing === 'import' ? `Nothing of ${file} was taken` : `${file} was not written`;
    this.#stop.abort(new Refusal('refused', `${left}: somebody stopped it.`));
    this.#tell();
  }
}

/** Runs `work` where its progress is seen and it can be stopped. */
export async function working<T>(
  { store, changed }: Context,
  doing: Doing,
  file: string,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const all = running.get(store) ?? new Set();
  running.set(store, all);
  const tell = () => changed(['bundles']);
  const view = { id: randomUUID(), doing, file, ops: 0, opsInAll: null, bytes: 0, bytesInAll: null };
  const one = new Work({ ...view, since: Date.now(), stopping: false }, tell);
  all.add(one);
  tell();
  try {
    return await work(one);
  } finally {
    all.delete(one);
    tell();
  }
}

/** What is going on, the oldest first. */
export function worksOf({ store }: Context): Work[] {
  return [...(running.get(store) ?? [])];
}
