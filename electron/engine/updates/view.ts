/**
 * Updates of an incident as the contract shows them. Invariant: from the projections and this console's own endpoints alone; what
 * is due is judged at the moment of asking.
 */
import { createHash } from 'node:crypto';
import type { AudienceUpdates, SentUpdate, UpdatesView } from '../../../shared/contract/updates.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { AUDIENCE_NAMES, nextDue, USUAL_CADENCE } from '../../../shared/domain/updates/audiences.ts';
import { fill } from '../../../shared/domain/updates/template.ts';
import { valuesOf } from '../../../shared/domain/updates/facts.ts';
import { Audience } from '../../../shared/domain/words.ts';
import { MINUTE } from '../../../shared/domain/times.ts';
import { Channel } from '../../../shared/contract/updates.ts';
import type { Context } from '../context.ts';
import { incidentLites } from '../incidents/view.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { responseInForce } from '../proposals/in-force.ts';
import { endpointHost } from './deliver.ts';
import { factsOf } from './facts.ts';
import { templateFor, templates } from './templates.ts';

/** Sent updates of one audience that are shown. */
const SHOWN = 20;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Sent {
  text: string;
  channel: string;
  reviewedBy: string;
  nextAt: number | null;
  at: number;
  by: string;
}

/** Minutes between two updates, by audience: of the response that somebody chose, else what is usual for the severity. */
function cadences(context: Context, row: EntityRow): Partial<Record<Audience, number>> {
  const chosen = responseInForce(row)?.substance;
  if (chosen) return Object.fromEntries(chosen.cadence.map(({ audience, minutes }) => [audience, minutes]));
  return USUAL_CADENCE[incidentLites(context, [row])[0]!.severity];
}

function sentView(context: Context, { id, doc }: EntityRow): SentUpdate | null {
  const sent = doc['sent'] as Sent | undefined;
  if (!sent || typeof sent.text !== 'string') return null;
  const delivery = doc['delivery'] as { outcome: string; detail: string | null; at: number } | undefined;
  const channel = Channel.catch('copied').parse(sent.channel);
  return {
    id,
    text: sent.text,
    channel,
    at: sent.at,
    by: namedActor(context, sent.by),
    reviewedBy: named(context, 'person', sent.reviewedBy),
    nextAt: sent.nextAt,
    delivery:
      channel !== 'delivery'
        ? null
        : {
            state:
              delivery?.outcome === 'delivered' || delivery?.outcome === 'withdrawn' ? delivery.outcome : 'waiting',
            at: delivery?.at ?? null,
            message: delivery?.detail ?? null,
          },
  };
}

/** Every update of an incident that somebody sent, oldest first. */
export function sentIn(context: Context, incident: string): (SentUpdate & { audience: Audience })[] {
  return context.store
    .entities('update', incident)
    .flatMap((row) => {
      const sent = sentView(context, row);
      const audience = Audience.safeParse(row.doc['audience']);
      return sent && audience.success ? [{ ...sent, audience: audience.data }] : [];
    })
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

function draftView(context: Context, { id, doc }: EntityRow): AudienceUpdates['draft'] {
  if (typeof doc['text'] !== 'string') return null;
  const text = doc['text'];
  const review = doc['review'] as { person: string; hash: string; at: number } | undefined;
  return {
    id,
    text,
    at: Number(doc['draftedAt'] ?? 0),
    by: namedActor(context, String(doc['draftedBy'] ?? 'system')),
    review: review
      ? { person: named(context, 'person', review.person), at: review.at, current: review.hash === hashOf(text) }
      : null,
  };
}

/** Every audience with its clock, its draft and what it was sent. */
export function audiencesOf(context: Context, row: EntityRow): AudienceUpdates[] {
  const { declaredAt, resolvedAt } = incidentLites(context, [row])[0]!;
  const usual = cadences(context, row);
  const now = context.now();
  const byAudience = Map.groupBy(context.store.entities('update', row.id), ({ doc }) => doc['audience']);
  return Audience.options.map((audience) => {
    const rows = byAudience.get(audience) ?? [];
    const sent = rows
      .flatMap((one) => sentView(context, one) ?? [])
      .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
    const open = rows
      .filter(({ doc }) => doc['sent'] === undefined)
      .sort((a, b) => Number(b.doc['draftedAt'] ?? 0) - Number(a.doc['draftedAt'] ?? 0));
    // What waits or was withdrawn has told nobody anything.
    const told = sent.find(({ delivery }) => delivery === null || delivery.state === 'delivered');
    const minutes = usual[audience] ?? null;
    const last = told ? { at: told.delivery?.at ?? told.at, nextAt: told.nextAt } : null;
    const dueAt = nextDue({ minutes, declaredAt, resolvedAt, last });
    return {
      audience,
      name: AUDIENCE_NAMES[audience],
      minutes,
      dueAt,
      overdue: dueAt !== null && dueAt < now,
      draft: open[0] ? draftView(context, open[0]) : null,
      sent: sent.slice(0, SHOWN),
      endpoint: endpointHost(context, audience),
    };
  });
}

export function updatesView(context: Context, row: EntityRow): UpdatesView {
  const audiences = audiencesOf(context, row);
  const [lite] = incidentLites(context, [row]);
  return {
    incident: { id: row.id, label: lite!.label, title: lite!.title },
    audiences,
    waiting: audiences.flatMap(({ sent }) => sent).filter(({ delivery }) => delivery?.state === 'waiting').length,
    problems: templates(context).problems,
  };
}

/** When the next update is promised, if this one goes out now. */
export function promised(context: Context, row: EntityRow, audience: Audience): number | null {
  const [lite] = incidentLites(context, [row]);
  const minutes = lite!.resolvedAt === null ? (cadences(context, row)[audience] ?? null) : null;
  return minutes === null ? null : context.now() + minutes * MINUTE;
}

/** The words of an update as they would be now, and the facts beside them. */
export function liveDraft(
  context: Context,
  row: EntityRow,
  audience: Audience,
  facts: ReturnType<typeof factsOf> = factsOf(context, row, null),
) {
  const template = templateFor(context, audience);
  const now = context.now();
  const zone = context.settings.headquartersZone ?? context.zone;
  const values = valuesOf({ ...facts, nextAt: promised(context, row, audience) }, { audience, zone, now });
  return { text: fill(template.body, values), template: template.file, values, asOf: now };
}

/** An update that went out or waits. @throws Refusal `not_found` */
export function updateRow(context: Context, incident: string, id: string): EntityRow {
  const row = context.store.entity('update', incident, id);
  if (row && row.doc['sent'] !== undefined) return row;
  throw new Refusal('not_found', `There is no update "${id.slice(0, 80)}" that was sent in this incident.`);
}
