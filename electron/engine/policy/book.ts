/**
 * The policies in force. Invariant: there is always one: the newest text of the log that this version understands, else
 * the one that ships. Nothing is read before it is asked for, and each text is parsed once.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../shared/contract/common.ts';
import { POLICIES, policyKind, type PolicyId, type PolicyValue } from '../../../shared/domain/policy/kinds.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { StoredOp } from '../store/log.ts';
import type { Store } from '../store/store.ts';

export interface PolicyInForce<V> {
  value: V;
  text: string;
  /** SHA-256 of the text, hex. */
  hash: string;
  /** 0 for what ships. */
  version: number;
  /** The op that put it in force; null for what ships. */
  op: StoredOp | null;
  /** Warnings only: what has errors is not in force. */
  problems: Problem[];
  /** Why the newest text of the log is not the one in force, one sentence. */
  warning: string | null;
}

/** Texts of a policy that are looked through for one that this version understands. */
const MAX_HISTORY = 200;

export class PolicyBook {
  readonly #store: Store;
  readonly #directory: string;
  readonly #inForce = new Map<PolicyId, PolicyInForce<unknown>>();
  readonly #shipped = new Map<PolicyId, string>();
  readonly #warned: () => void;

  /** `warned` is called when `warnings` has something new. */
  constructor(store: Store, directory: string, warned: () => void) {
    this.#store = store;
    this.#directory = directory;
    this.#warned = warned;
  }

  get<K extends PolicyId>(id: K): PolicyInForce<PolicyValue<K>> {
    let found = this.#inForce.get(id);
    if (!found) {
      found = this.#read(id);
      this.#inForce.set(id, found);
      if (found.warning !== null) setImmediate(this.#warned);
    }
    return found as PolicyInForce<PolicyValue<K>>;
  }

  /** The text that ships. */
  shipped(id: PolicyId): string {
    let text = this.#shipped.get(id);
    if (text === undefined) {
      text = readFileSync(join(this.#directory, policyKind(id).file), 'utf8');
      this.#shipped.set(id, text);
    }
    return text;
  }

  /** What was put in force, the newest by HLC first, which is the one that counts. */
  history(id: PolicyId): StoredOp[] {
    return this.#store
      .entries({ subject: `policy:${id}` }, { limit: MAX_HISTORY, types: ['policy.put'] })
      .map(({ op }) => op)
      .sort((a, b) => (a.hlc < b.hlc ? 1 : -1));
  }

  /** Sentences on policies of which the newest text cannot be used; of those that were asked for. */
  warnings(): string[] {
    return [...this.#inForce.values()].flatMap(({ warning }) => warning ?? []);
  }

  /** Takes over what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) this.#inForce.clear();
    else for (const { kind, id } of touched) if (kind === 'policy') this.#inForce.delete(id as PolicyId);
  }

  #read(id: PolicyId): PolicyInForce<unknown> {
    const kind = policyKind(id);
    let warning: string | null = null;
    if (this.#store.entity('policy', ESTATE, id)) {
      for (const op of this.history(id)) {
        const { text, version } = op.payload as { text: string | null; version: number };
        if (text === null) break;
        const { value, problems } = kind.parse(text);
        if (value !== null) return { value, text, hash: hashOf(text), version, op, problems, warning };
        const [first] = problems;
        warning ??= `Version ${version} of the policy ${POLICIES[id].title.toLowerCase()} cannot be used here (line ${first?.line ?? 0}: ${first?.message ?? 'unknown'}); an earlier one is in force.`;
      }
    }
    const text = this.shipped(id);
    const { value, problems } = kind.parse(text);
    if (value === null) throw new Error(`${kind.file}: ${problems.map(({ message }) => message).join(' ')}`);
    return { value, text, hash: hashOf(text), version: 0, op: null, problems, warning };
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
