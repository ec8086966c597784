/** The commander's clock of an incident, from what this console holds. */
import { dueThings, type ClockFacts, type Due } from '../../../shared/domain/clock/due.ts';
import { handedWords } from '../../../shared/domain/people/handed.ts';
import { following } from '../../../shared/domain/people/rota.ts';
import { SPAN_LIMIT } from '../../../shared/domain/people/span.ts';
import { onCall } from '../../../shared/domain/rota.ts';
import { Severity, Status } from '../../../shared/domain/words.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import type { Context } from '../context.ts';
import { awayOf, isAway } from '../estate/away.ts';
import { breachOf } from '../governance/breach.ts';
import { businessHurtSince } from '../impact/hurt.ts';
import { asksOf, rolesOf, textsOf } from '../incidents/view.ts';
import { handoversIn } from '../people/handovers.ts';
import { openProposals } from '../people/proposals.ts';
import { requiredOf } from '../people/required.ts';
import { nextFor } from '../people/shift.ts';
import { reportsIn } from '../people/subteams.ts';
import type { EntityRow } from '../store/projection.ts';
import { audiencesOf } from '../updates/view.ts';
import { callsOf } from './escalation.ts';

export { audiencesOf };

/** Newest entries in which the commander is looked for. */
const HEARD_IN = 100;
/** How long an offer that nobody answered is told, ms. */
const RAN_OUT_MS = 30 * 60_000;

export function clockOf(context: Context, row: EntityRow): Due[] {
  return dueThings(factsOf(context, row));
}

function factsOf(context: Context, row: EntityRow): ClockFacts {
  const { id, doc } = row;
  const now = context.now();
  const severity = Severity.catch('SEV1').parse(doc['severity']);
  const roleViews = rolesOf(context, row);
  const roles = roleViews.flatMap(({ role, person, since }) =>
    person === null ? [] : { role, person: person.id, since },
  );
  const asks = asksOf(context, id);
  return {
    now,
    severity,
    status: Status.catch('declared').parse(doc['status']),
    declaredAt: Number(doc['declaredAt']),
    roles,
    required: requiredOf(row),
    asks: asks.map(({ id: ask, text, owner, state, openedAt, dueAt }) => ({
      id: ask,
      text,
      owner: owner?.id ?? null,
      state,
      openedAt,
      dueAt,
    })),
    decidedAt: context.store.decidedAt(id),
    commanderHeardAt: commanderHeardAt(context, row, roles),
    awayUntil: (person) => awayOf(context, person)?.until ?? null,
    next: (person) => nextFor(context, person, new Set())?.person ?? null,
    callOrder: roles.some(({ role }) => role === 'commander') ? [] : callOrder(context),
    proposals: openProposals(context, id).map(({ id: proposal, text, askedAt, answers }) => ({
      id: proposal,
      text,
      askedAt,
      waitingFor: answers.filter(({ objection }) => objection === undefined).map(({ person }) => person.id),
    })),
    handovers: handoversIn(context, id)
      .filter(
        ({ state, expiresAt, roles: of }) =>
          state === 'offered' ||
          // What was given to somebody since is no longer worth a word.
          (state === 'expired' &&
            expiresAt > now - RAN_OUT_MS &&
            of.every(({ role, from }) => (doc[`role:${role}`] ?? null) === (from?.id ?? null))),
      )
      .map((one) => ({
        id: one.id,
        to: one.to.id,
        what: handedWords(one.roles, one.asks.length),
        offeredAt: one.offeredAt,
        expiresAt: one.expiresAt,
      })),
    updates: audiencesOf(context, row).flatMap(({ name, dueAt }) =>
      dueAt === null ? [] : [{ audience: name.toLowerCase(), dueAt }],
    ),
    objectives: textsOf(doc['businessServices']).flatMap((business) => objective(context, business)),
    escalation: callsOf(context, row, roles),
    statutory: breachOf(context, row).clocks.filter(({ over }) => !over),
    directReports: reportsIn(context, id, roleViews, asks),
    spanLimit: SPAN_LIMIT,
    name: (person) => context.estate.actorName(person),
  };
}

/** When the time to recover that a business service has runs down; none while it works. */
function objective(context: Context, id: string): ClockFacts['objectives'] {
  const minutes = context.estate.get('business-service', id)?.rtoMinutes ?? null;
  if (minutes === null || minutes === 0) return [];
  const since = businessHurtSince(context, id);
  if (since === null) return [];
  return [{ id, name: context.estate.name('business-service', id), dueAt: since + minutes * 60_000 }];
}

/** Whom to call for command: the rotas that are kept for it, whoever is on call first. */
function callOrder(context: Context): string[] {
  const now = context.now();
  const people = [...context.estate.all('team').values()].flatMap(({ rota }) =>
    rota.flatMap((line) => {
      if (line.role !== 'commander') return [];
      const shift = onCall(line, now);
      return shift === null ? [] : [shift.person, ...following(line, shift.person)];
    }),
  );
  return [...new Set(people)].filter((person) => !isAway(context, person));
}

/** When the commander last wrote, spoke up, or was given the role; somebody unnamed at a console may be them. */
function commanderHeardAt(context: Context, { id, doc }: EntityRow, roles: ClockFacts['roles']): number | null {
  const held = roles.find(({ role }) => role === 'commander');
  if (!held) return null;
  const wrote = context.store
    .entries({ scope: id }, { limit: HEARD_IN })
    .flatMap(({ op }) => (op.actor === held.person || op.actor.startsWith('local:') ? parseHlc(op.hlc).ms : []));
  const here = doc[`here:${held.person}`];
  return Math.max(held.since ?? 0, typeof here === 'number' ? here : 0, ...wrote);
}
