/**
 * Whom the escalation path of an incident's response calls, from what the estate knows of people. Invariant: nobody who is away
 * is named; words that fit nobody stay as the policy has them.
 */
import { ROLE_TITLES } from '../../../shared/domain/roles.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { standIn } from '../../../shared/domain/people/rota.ts';
import { Role } from '../../../shared/domain/words.ts';
import type { ClockFacts } from '../../../shared/domain/clock/due.ts';
import { callId, type Escalation } from '../../../shared/domain/clock/escalation.ts';
import type { Context } from '../context.ts';
import { isAway } from '../estate/away.ts';
import { textsOf } from '../incidents/view.ts';
import { escalationOf } from '../people/required.ts';
import { nextFor } from '../people/shift.ts';
import type { EntityRow } from '../store/projection.ts';

export function callsOf(context: Context, row: EntityRow, roles: ClockFacts['roles']): Escalation[] {
  const commander = roles.find(({ role }) => role === 'commander')?.person ?? null;
  return escalationOf(row).map((call) => {
    const calledAt = row.doc[`called:${callId(call)}`];
    // Nobody is called about what they lead, but told what is owed.
    const can = (person: string): boolean =>
      !isAway(context, person) && (call.waitsFor === 'update' || person !== commander);
    // Of "deputy and duty manager" the first who is known and can be asked.
    const parts = call.to.toLowerCase().split(/\s*(?:,| and | or )\s*/);
    const people = parts.map((part) => whom(context, { row, roles, commander, can }, part));
    return {
      ...call,
      person: people.find((person) => person !== null) ?? null,
      calledAt: typeof calledAt === 'number' ? calledAt : null,
    };
  });
}

interface Asked {
  row: EntityRow;
  roles: ClockFacts['roles'];
  commander: string | null;
  can(person: string): boolean;
}

function whom(context: Context, { row, roles, commander, can }: Asked, part: string): string | null {
  if (part.includes('owning team')) return owner(context, row, part, can);
  if (part === 'next shift')
    return commander === null ? null : (nextFor(context, commander, new Set())?.person ?? null);
  const role = Role.options.find((one) => part === roleName(one));
  const holder = roles.find((held) => held.role === role && can(held.person));
  if (holder) return holder.person;
  const duty = part.replace(/ on (?:call|duty)$/, '');
  // A manager on duty is whoever the rota for command names.
  const names = ROLE_TITLES.commander.test(part) ? [duty, 'commander'] : [duty];
  const onDuty = [...context.estate.all('team').values()]
    .flatMap(({ rota }) => rota)
    .filter((line) => names.includes(line.role.toLowerCase()))
    .flatMap((line) => standIn(line, context.now(), (one) => !can(one)) ?? []);
  if (onDuty[0] !== undefined) return onDuty[0];
  const people = [...context.estate.all('person').values()].filter(({ id }) => can(id));
  const fits = role === undefined ? null : ROLE_TITLES[role];
  return people.find(({ title }) => fits?.test(title) ?? title.toLowerCase().includes(duty))?.id ?? null;
}

/** Of the teams that own what is affected: who leads one, or who is on call for it. */
function owner(context: Context, row: EntityRow, part: string, can: Asked['can']): string | null {
  for (const service of textsOf(row.doc['services'])) {
    const team = context.estate.get('team', context.estate.get('service', service)?.owner ?? '');
    if (!team) continue;
    const members = [...context.estate.all('person').values()].filter(
      ({ id, teams }) => teams.includes(team.id) && can(id),
    );
    const lead = /lead|head/i;
    const person = part.includes('lead')
      ? members.find(({ title }) => lead.test(title))?.id
      : team.rota.flatMap((line) => standIn(line, context.now(), (one) => !can(one)) ?? [])[0];
    if (person !== undefined) return person;
  }
  return null;
}
