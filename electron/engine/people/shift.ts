/** Who takes over from whom: by the rotas, without those who are away. */
import type { ShiftLine } from '../../../shared/contract/room.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { successor, type Successor } from '../../../shared/domain/people/rota.ts';
import { formatTime, isZone } from '../../../shared/domain/times.ts';
import { SoleRole } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { isAway } from '../estate/away.ts';
import { asksOf, findIncident, incidentLites, isOpen } from '../incidents/view.ts';
import { named, resolve } from '../names.ts';

/** Who takes over from `person` by the rotas that hold them; nobody of `leaving`. */
export function nextFor(context: Context, person: string, leaving: ReadonlySet<string>): Successor | null {
  const teams = [...context.estate.all('team').values()].map(({ id, rota }) => ({ team: id, rota }));
  return successor(teams, person, context.now(), (other) => leaving.has(other) || isAway(context, other));
}

export interface Leaving {
  person?: string | undefined;
  zone?: string | undefined;
  to?: string | undefined;
}

/** @throws Refusal when nobody, or two kinds of somebody, is named */
function leavingOf(context: Context, { person, zone }: Leaving): string[] {
  if ((person === undefined) === (zone === undefined))
    throw new Refusal('bad_input', 'Say who leaves: a person, or a time zone such as --zone Europe/Berlin.');
  if (person !== undefined) return [resolve(context, 'person', person)];
  if (!isZone(zone!))
    throw new Refusal('bad_input', `zone: "${zone!.slice(0, 60)}" is no time zone; write it like Europe/Vienna.`);
  const there = [...context.estate.all('person').values()].filter(({ timezone }) => timezone === zone);
  if (there.length === 0) throw new Refusal('not_found', `Nobody of the estate is in ${zone!}.`);
  return there.map(({ id }) => id);
}

/** All that those who leave have in open incidents, and who would get it. */
export function shiftPlan(context: Context, who: Leaving): { leaving: string[]; lines: ShiftLine[] } {
  const leaving = leavingOf(context, who);
  const gone = new Set(leaving);
  const given = who.to === undefined ? null : resolve(context, 'person', who.to);
  const lines = incidentLites(context, context.incidents.open()).flatMap(({ id, label, title }) => {
    const { doc } = findIncident(context, id);
    const asks = asksOf(context, id).filter(isOpen);
    return leaving.flatMap((person): ShiftLine[] => {
      const roles = SoleRole.options.filter((role) => doc[`role:${role}`] === person);
      const owned = asks.filter(({ owner }) => owner?.id === person).map(({ id: ask, text }) => ({ id: ask, text }));
      if (roles.length === 0 && owned.length === 0) return [];
      const next = given === null ? nextFor(context, person, gone) : null;
      const to = given ?? next?.person ?? null;
      return [
        {
          incident: { id, label, title },
          from: named(context, 'person', person),
          to: to === null ? null : named(context, 'person', to),
          why: given === null ? whyOf(context, next) : 'named',
          roles,
          asks: owned,
        },
      ];
    });
  });
  return { leaving, lines };
}

function whyOf(context: Context, next: Successor | null): string {
  if (next === null) return 'no rota names anybody who can be asked; say who with --to';
  const rota = `${next.rota} rota of ${context.estate.name('team', next.team)}`;
  if (next.until === null) return `next on the ${rota}`;
  const zone = context.estate.get('person', next.person)?.timezone ?? context.zone;
  return `on call now, ${rota}, ${formatTime(context.now(), zone)} there`;
}
