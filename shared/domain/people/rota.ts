/**
 * Who comes after somebody. Invariant: whoever is away, leaves, or cannot be asked for another reason is never proposed; a
 * rota is walked in its own order, so that everybody's turn comes.
 */
import type { RotaLine } from '../estate.ts';
import { onCall } from '../rota.ts';

export interface Successor {
  person: string;
  /** Which rota proposes them: its role, and its team. */
  rota: string;
  team: string;
  /** When their shift ends; null when it is not their turn now, ms. */
  until: number | null;
}

export interface TeamRota {
  team: string;
  rota: readonly RotaLine[];
}

/**
 * Who takes over from `person` at `now` (ms): of the rotas that hold them, whoever is on call now, else the next in
 * order; null when nobody can be asked.
 */
export function successor(
  teams: readonly TeamRota[],
  person: string,
  now: number,
  unfit: (person: string) => boolean,
): Successor | null {
  const can = (other: string): boolean => other !== person && !unfit(other);
  const lines = teams.flatMap(({ team, rota }) =>
    rota.filter(({ people }) => people.includes(person)).map((line) => ({ team, line })),
  );
  for (const { team, line } of lines) {
    const shift = onCall(line, now);
    if (shift && can(shift.person)) return { person: shift.person, rota: line.role, team, until: shift.until };
  }
  for (const { team, line } of lines) {
    const next = following(line, person).find(can);
    if (next !== undefined) return { person: next, rota: line.role, team, until: null };
  }
  return null;
}

/** Whom to call on a rota at `now` (ms): whoever is on call, or the next who can be asked. */
export function standIn(line: RotaLine, now: number, unfit: (person: string) => boolean): string | null {
  const shift = onCall(line, now);
  if (!shift) return null;
  return [shift.person, ...following(line, shift.person)].find((person) => !unfit(person)) ?? null;
}

/** The others of a rota in the order in which their turn comes after `person`. */
export function following({ people }: RotaLine, person: string): string[] {
  const at = people.indexOf(person);
  return [...people.slice(at + 1), ...people.slice(0, Math.max(at, 0))];
}
