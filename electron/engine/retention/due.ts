/**
 * What need not be kept any longer. Invariant: the log is append-only and nothing in it is deleted: what retention may do is
 * throw away the keys of a restricted incident, so that what was sealed can be read by nobody; every other incident stays, and
 * somebody says that it was looked at. A legal hold stops both.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { RetentionLine } from '../../../shared/contract/restricted.ts';
import { ruleFor, ruleWords } from '../../../shared/domain/policy/retention.ts';
import { Severity } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { holdsOf } from '../governance/holds.ts';
import { statusAt } from '../incidents/ended.ts';
import { namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

const DAY_MS = 86_400_000;
/** What runs out within this time is shown as well. */
const AHEAD_MS = 90 * DAY_MS;

interface Kept {
  until: number;
  reason: string;
  by: string;
}

/** How long an incident is to be kept; null while it is not closed. */
export function retentionOf(context: Context, row: EntityRow): RetentionLine | null {
  const { store, policies, now } = context;
  const { id, doc } = row;
  if (doc['status'] !== 'closed') return null;
  const closedAt = statusAt(context, row);
  if (closedAt === null) return null;
  const restriction = store.keyring.get(id);
  const restricted = restriction !== null && (restriction.restricted || restriction.shredded !== null);
  const breach = doc['security'] === 'suspected' || doc['security'] === 'confirmed';
  const severity = Severity.catch('SEV1').parse(doc['severity']);
  const rule = ruleFor(policies.get('retention').value, { severity, restricted, breach });
  const kept = store.entity('retention', id, 'review')?.doc['kept'] as Kept | undefined;
  const dueAt = Math.max(closedAt + rule.days * DAY_MS, kept?.until ?? 0);
  const holds = holdsOf(context, id).filter(({ released }) => released === null).length;
  const over = now() >= dueAt;
  return {
    ...{ id, label: context.incidents.labels().get(id) ?? id, title: String(doc['title'] ?? '') },
    ...{ closedAt, dueAt, restricted, holds, rule: ruleWords(rule) },
    state: restriction?.shredded ? 'erased' : holds > 0 && over ? 'held' : over ? 'due' : kept ? 'kept' : 'running-out',
    kept: kept ? { until: kept.until, reason: kept.reason, by: namedActor(context, kept.by) } : null,
  };
}

/** What is due or held, the longest first; with `all` what runs out later too. */
export function retentionList(context: Context, all: boolean): RetentionLine[] {
  return context.incidents
    .declared()
    .flatMap((row) => retentionOf(context, row) ?? [])
    .filter(
      ({ state, dueAt }) =>
        all || state === 'due' || state === 'held' || (state !== 'erased' && dueAt - context.now() < AHEAD_MS),
    )
    .sort((a, b) => a.dueAt - b.dueAt);
}

/** @throws Refusal when the incident is not closed, its time is not over, or a hold stands on it */
export function mustBeDue(context: Context, row: EntityRow): RetentionLine {
  const line = retentionOf(context, row);
  if (line === null) throw new Refusal('refused', 'This incident is not closed: how long it is kept begins then.');
  if (line.holds > 0)
    throw new Refusal(
      'refused',
      `A legal hold stands on ${line.label}: nothing of it may be erased until it is released.`,
    );
  if (line.state === 'erased') throw new Refusal('refused', `${line.label} was erased already.`);
  if (line.state !== 'due')
    throw new Refusal(
      'refused',
      `${line.label} is to be kept until ${new Date(line.dueAt).toISOString().slice(0, 10)} (${line.rule}).`,
    );
  return line;
}
