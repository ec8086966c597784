/**
 * What became of an action, from what was said of it. Invariant: the same facts give the same state in whatever order they
 * arrived; an approval counts only for the request that it was given for, by somebody else than the proposer, until it
 * expires; a request that left and was never answered is `unknown`, never `failed`.
 */

export const ACTION_STATES = [
  'proposed',
  'approved',
  'refused',
  'withdrawn',
  'waiting',
  'running',
  'unknown',
  'failed',
  'done',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** One thing that was said of an action, as its op says it. */
export interface ActionFact {
  do: 'approve' | 'refuse' | 'withdraw' | 'try' | 'run' | 'outcome' | 'settle';
  op: string;
  by: string;
  console: string;
  /** Orders facts of several consoles. */
  hlc: string;
  /** When it happened, ms. */
  at: number;
  hash?: string;
  reach?: string;
  expiresAt?: number;
  authority?: string;
  reason?: string;
  attempt?: string;
  state?: 'done' | 'failed' | 'unknown' | 'waiting';
  status?: number;
  ms?: number;
  bytes?: number;
  body?: string;
  message?: string;
  ok?: boolean;
  snapshot?: Readonly<Record<string, unknown>>;
}

export interface Bound {
  /** Whoever proposed it; none of them may approve it. */
  proposers: readonly string[];
  /** Of the exact request. */
  hash: string;
}

export interface Attempt {
  id: string;
  run: ActionFact;
  outcome: ActionFact | null;
}

export interface Approval {
  fact: ActionFact;
  /** Why it does not count; null when it does. */
  void: string | null;
}

export interface Folded {
  state: ActionState;
  approvals: Approval[];
  refusal: ActionFact | null;
  tries: ActionFact[];
  attempts: Attempt[];
  /** What a person found out about an answer that was lost. */
  settled: ActionFact | null;
  /** Since when it waits for its endpoint, and what was so then. */
  waiting: ActionFact | null;
}

export interface Now {
  now: number;
  /** Of what its target reaches now; an approval for another is void. */
  reach: string;
  /** Attempts that this console carries out at this moment. */
  live: ReadonlySet<string>;
  /** This console: what it began and no longer carries out was interrupted. */
  console: string;
}

export function fold(bound: Bound, facts: readonly ActionFact[], { now, reach, live, console }: Now): Folded {
  const order = facts.toSorted((a, b) => (a.hlc < b.hlc ? -1 : a.hlc > b.hlc ? 1 : a.op < b.op ? -1 : 1));
  const of = (kind: ActionFact['do']) => order.filter((fact) => fact.do === kind);
  const refusal = of('refuse').at(-1) ?? null;
  const approvals = of('approve').map((fact) => ({ fact, void: voidReason(fact, bound, refusal, now, reach) }));
  const outcomes = new Map(of('outcome').map((fact) => [fact.attempt, fact]));
  const attempts = of('run').map((run): Attempt => ({
    id: run.attempt!,
    run,
    outcome: outcomes.get(run.attempt) ?? null,
  }));
  const settled = of('settle').at(-1) ?? null;
  const withdrawn = of('withdraw').at(-1) ?? null;
  const last = attempts.at(-1);
  const stateOf = (): ActionState => {
    // Of several attempts one that came through counts, then one that may have.
    if (attempts.some(({ outcome }) => outcome?.state === 'done')) return 'done';
    if (settled && last && settled.hlc > last.run.hlc) return settled.state === 'done' ? 'done' : 'failed';
    if (attempts.some(({ id, run, outcome }) => !outcome && (run.console !== console || live.has(id))))
      return 'running';
    const open = attempts.filter(({ run }) => !settled || settled.hlc < run.hlc);
    if (open.some(({ outcome }) => !outcome || outcome.state === 'unknown')) return 'unknown';
    if (withdrawn) return 'withdrawn';
    if (last?.outcome?.state === 'waiting') return 'waiting';
    if (last) return 'failed';
    if (refusal) return 'refused';
    return approvals.some((one) => one.void === null) ? 'approved' : 'proposed';
  };
  const state = stateOf();
  const since = attempts.find(({ outcome }, index) =>
    outcome?.state === 'waiting' ? attempts.slice(index).every((one) => one.outcome?.state === 'waiting') : false,
  );
  return {
    state,
    approvals,
    refusal: state === 'refused' ? refusal : null,
    tries: of('try'),
    attempts,
    settled,
    waiting: state === 'waiting' ? (since?.outcome ?? null) : null,
  };
}

function voidReason(
  fact: ActionFact,
  { proposers, hash }: Bound,
  refusal: ActionFact | null,
  now: number,
  reach: string,
): string | null {
  if (proposers.includes(fact.by)) return 'by whoever proposed it, which does not count';
  if (fact.hash !== hash) return 'given for another request';
  if (refusal) return 'the action was refused';
  if (fact.reach !== reach) return 'what it reaches has changed since';
  if (fact.expiresAt === undefined || fact.expiresAt <= now) return 'expired';
  return null;
}

/** Approvals by different people that count now. */
export function standingApprovals({ approvals }: Pick<Folded, 'approvals'>): ActionFact[] {
  const byPerson = new Map<string, ActionFact>();
  for (const one of approvals) if (one.void === null) byPerson.set(one.fact.by, one.fact);
  return [...byPerson.values()];
}

/** Whether nothing more will happen to it by itself or by a confirmation. */
export function isSettled(state: ActionState): boolean {
  return state === 'done' || state === 'refused' || state === 'withdrawn';
}

export interface RunCheck {
  state: ActionState;
  /** People whose approval counts now. */
  approvals: number;
  /** How many the policy wants; 0 when one confirmation is enough. */
  wanted: number;
  /** The request that would go out now, against the one that was proposed. */
  sameRequest: boolean;
  /** The person was told what a lost answer or a long wait means, and says it again. */
  again: boolean;
}

/** Why it may not run now; null when it may. */
export function mayNotRun({ state, approvals, wanted, sameRequest, again }: RunCheck): string | null {
  if (state === 'done') return 'It is done already.';
  if (state === 'running') return 'It is running.';
  if (state === 'refused') return 'It was refused; propose another.';
  if (state === 'withdrawn') return 'It was withdrawn; propose it anew.';
  if (!sameRequest) return 'The address of its endpoint is another than when it was proposed; propose it anew.';
  if (approvals < wanted)
    return wanted === 1
      ? 'It needs an approval that counts.'
      : `It needs ${wanted} approvals that count, and has ${approvals}.`;
  if (state === 'unknown' && !again)
    return 'Its answer was lost: it may have happened. Check first, then say that it shall be tried again.';
  if (state === 'waiting' && !again)
    return 'It waited for its endpoint. Look at what changed since, then say that it shall run after all.';
  if (state === 'failed' && !again) return 'It failed. Say that it shall be tried again.';
  return null;
}

/**
 * Whether what was done at `doneAt` (ms) belongs to an earlier round of a loop: its step was opened, or begun, again since.
 */
export function ofEarlierRound({ state, at }: { state: string; at: number | null }, doneAt: number | null): boolean {
  if (doneAt === null || at === null) return false;
  return (state === 'open' && at >= doneAt) || (state === 'doing' && at > doneAt);
}
