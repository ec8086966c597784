/**
 * Sending the request of an action. Invariant: that it leaves is in the log, on the disk, before it does; it is sent once
 * for each time that a person said so, always with the same key; and whatever happens to this process, an attempt without
 * an outcome is shown as one whose answer was lost, and nothing here sends it again.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Output } from '../../../shared/contract/table.ts';
import { redact, secretsOf } from '../../../shared/domain/actions/redact.ts';
import type { Context } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { exchange, type Answer } from '../sources/http.ts';
import { appendRepeat, repeatOf } from '../runbooks/repeat.ts';
import { runsOf } from '../runbooks/runs.ts';
import { SourceFailure } from '../sources/source.ts';
import type { Transaction } from '../store/store.ts';
import { endpointOf, secretOf, type Endpoint } from './endpoints.ts';
import { liveOf } from './live.ts';
import { snapshotOf } from './snapshot.ts';
import { actionsOf, findActionRow, messageOf, runRefusal, type Known } from './view.ts';

/** Bytes of an answer that are looked at, characters of it that are kept, and bytes after which the rest is not read. */
const KEEP_BYTES = 64 * 1024;
const KEEP_CHARS = 4_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Statuses by which a proxy says that it does not know what became of the request. */
const LOST = new Set([408, 502, 504]);

interface Outcome {
  state: 'done' | 'failed' | 'unknown' | 'waiting';
  status?: number;
  bytes?: number;
  body?: string;
  message: string;
}

/** Runs an action because a person said so. Answers when its outcome is in the log. */
export async function runAction(
  context: Context,
  input: { action: string; hash?: string | undefined; again: boolean; reason?: string | undefined },
): Promise<Output<'action.run'>> {
  const before = findActionRow(context, input.action);
  const endpoint = endpointOf(context, before.proposal.endpoint);
  const secret = await secretOf(context, endpoint);
  // From here to the commit nothing waits, so that what was checked is what is sent.
  const known = findActionRow(context, before.proposal.id);
  const { proposal, incident } = known;
  if (input.hash !== undefined && input.hash !== proposal.hash)
    throw new Refusal('refused', 'The request is another than the one that you saw; look at it again.');
  const why = runRefusal(context, known, input.again);
  if (why !== null) throw new Refusal('refused', why);
  const attempt = newId('t', context.now());
  const abort = new AbortController();
  const { attempts } = liveOf(context.store);
  attempts.set(attempt, abort);
  try {
    context.commit((tx) => {
      for (const each of interrupted(context, known)) tx.append(each);
      tx.append({
        scope: incident.id,
        type: 'action.run',
        payload: {
          action: proposal.id,
          attempt,
          hash: proposal.hash,
          snapshot: snapshotOf(context, incident, proposal.services, known.now),
          ...(input.reason ? { reason: input.reason } : {}),
        },
      });
      setStep(context, tx, known, 'doing');
      return {
        action: proposal.id,
        state: 'running' as const,
        message: 'The request went out; what came of it is not known here. Look at the action.',
      };
    });
  } catch (error) {
    attempts.delete(attempt);
    throw error;
  }
  const started = performance.now();
  const outcome = await send(known, endpoint, secret, abort);
  const ms = Math.round(performance.now() - started);
  if (outcome.state !== 'waiting')
    liveOf(context.store).reachable.set(endpoint.id, {
      ok: true,
      at: context.now(),
      message: 'Answered the last request.',
    });
  else liveOf(context.store).reachable.set(endpoint.id, { ok: false, at: context.now(), message: outcome.message });
  // Closed meanwhile: the next start finds an attempt without an outcome.
  if (!context.store.db.open)
    return { action: proposal.id, state: 'unknown', message: 'The console closed while it waited for the answer.' };
  try {
    context.store.commit({ actor: 'system', zone: context.zone }, (tx) => {
      const { message, ...rest } = outcome;
      tx.append({
        scope: incident.id,
        type: 'action.outcome',
        payload: {
          ...{ action: proposal.id, attempt, ms, message, ...rest },
          ...(outcome.state === 'waiting'
            ? { snapshot: snapshotOf(context, incident, proposal.services, known.now) }
            : {}),
        },
      });
      if (outcome.state === 'done') setStep(context, tx, known, 'done');
      if (outcome.state === 'failed') setStep(context, tx, known, 'failed', outcome.message);
    });
  } finally {
    attempts.delete(attempt);
    context.changed([`incident:${incident.id}`, 'incidents']);
  }
  const after = findActionRow(context, proposal.id);
  return { action: proposal.id, state: after.folded.state, message: messageOf(context, after) };
}

async function send(
  { proposal }: Known,
  endpoint: Endpoint,
  { credential, headers }: Awaited<ReturnType<typeof secretOf>>,
  abort: AbortController,
): Promise<Outcome> {
  const { method, url, body, timeoutMs, key, expect } = proposal;
  const answer = await timed(abort, timeoutMs, endpoint, (signal) =>
    exchange(
      {
        ...{ url, method, signal },
        headers: { ...Object.fromEntries(proposal.headers), 'idempotency-key': key, ...headers },
        ...(body === '' ? {} : { body }),
      },
      { keep: KEEP_BYTES, most: MOST_BYTES },
    ),
  );
  return outcomeOf(answer, expect, secretsOf(credential, headers['authorization']));
}

/** Runs `work` for at most so long. */
async function timed(
  abort: AbortController,
  timeoutMs: number,
  endpoint: Endpoint,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const timer = setTimeout(
    () => abort.abort(new SourceFailure(`${new URL(endpoint.url).host} did not answer within ${timeoutMs / 1000} s.`)),
    timeoutMs,
  );
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
  }
}

function outcomeOf(answer: Answer, expect: readonly number[], secrets: readonly string[]): Outcome {
  if (!answer.answered) return { state: answer.sent ? 'unknown' : 'waiting', message: answer.message };
  const { status, bytes, cut, location } = answer;
  const body = redact(answer.body, secrets, KEEP_CHARS);
  const size = cut
    ? ` The answer is longer than what was read, or broke off (${bytes.toLocaleString('en')} bytes came).`
    : '';
  const seen = { status, bytes, body };
  if (expect.includes(status)) return { state: 'done', ...seen, message: `Answered ${status}.${size}` };
  if (status >= 300 && status < 400) {
    const to = location === null ? '' : ` to ${redact(location, secrets, 200)}`;
    return {
      state: 'failed',
      ...seen,
      message: `Answered ${status}, a redirect${to}, which is never followed: the endpoint's address has to be the right one.`,
    };
  }
  if (LOST.has(status))
    return {
      state: 'unknown',
      ...seen,
      message: `Answered ${status}: what stands before the server lost the answer.${size}`,
    };
  if (status >= 500)
    return {
      state: 'failed',
      ...seen,
      message: `Answered ${status}: the server failed, perhaps half-way. Check what it did.${size}`,
    };
  const wanted = expect.join(' or ');
  return { state: 'failed', ...seen, message: `Answered ${status}, where ${wanted} was expected.${size}` };
}

/** Sends the request that changes nothing, and keeps what it says. */
export async function tryAction(context: Context, key: string): Promise<Output<'action.try'>> {
  const known = findActionRow(context, key);
  const { proposal, incident } = known;
  const { dryRun } = proposal;
  if (!dryRun) throw new Refusal('refused', 'This action has no dry run.');
  if (!known.sameRequest)
    throw new Refusal('refused', 'The address of its endpoint is another than when it was proposed; propose it anew.');
  const endpoint = endpointOf(context, proposal.endpoint);
  const { credential, headers } = await secretOf(context, endpoint);
  const started = performance.now();
  const answer = await timed(new AbortController(), proposal.timeoutMs, endpoint, (signal) =>
    exchange({ ...dryRun, signal, headers }, { keep: KEEP_BYTES, most: MOST_BYTES }),
  );
  const { state, message, ...seen } = outcomeOf(
    answer,
    [200, 201, 202, 204],
    secretsOf(credential, headers['authorization']),
  );
  const ok = state === 'done';
  return context.commit((tx) => {
    tx.append({
      scope: incident.id,
      type: 'action.try',
      payload: { ...{ action: proposal.id, ok, message, ms: Math.round(performance.now() - started) }, ...seen },
    });
    return { ok, message };
  });
}

/** What has to be written of attempts that this console began and no longer carries out. */
function interrupted(context: Context, { incident, proposal, folded }: Known): Parameters<Transaction['append']>[0][] {
  const { attempts } = liveOf(context.store);
  return folded.attempts
    .filter(({ id, run, outcome }) => !outcome && run.console === context.store.console && !attempts.has(id))
    .map(({ id }) => ({
      scope: incident.id,
      type: 'action.outcome',
      payload: {
        ...{ action: proposal.id, attempt: id, state: 'unknown' },
        message: 'The console stopped while it waited for the answer.',
      },
    }));
}

/** Writes down what was interrupted, so that other consoles see it too. Nothing is sent. */
export function recover(context: Context): void {
  const drafts = actionsOf(context, null, true).flatMap((known) => interrupted(context, known));
  if (drafts.length === 0 || !context.store.writable) return;
  context.store.commit({ actor: 'system', zone: context.zone }, (tx) => {
    for (const draft of drafts) tx.append(draft);
  });
}

/** Moves the step of a run along with its action; a step that leads back begins the next round. */
export function setStep(
  context: Context,
  tx: Transaction,
  { incident, proposal }: Known,
  state: 'doing' | 'done' | 'failed',
  reason?: string,
): void {
  const { step } = proposal;
  if (!step || !tx.entity('run', incident.id, step.run)) return;
  const field = `step:${step.step}`;
  const run = tx.entity('run', incident.id, step.run)!;
  if (run.doc[field] === state) return;
  tx.append({
    scope: incident.id,
    type: 'run.step',
    payload: { run: step.run, step: step.step, state, ...(reason ? { reason } : {}) },
    base: tx.headIds('run', incident.id, step.run, field),
  });
  const view = state === 'done' ? runsOf(context, incident.id).find(({ id }) => id === step.run) : undefined;
  if (view) appendRepeat(tx, incident.id, view.id, repeatOf(context, incident.id, view, step.step));
}
