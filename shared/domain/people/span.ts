/**
 * How many people report to the commander. Invariant: a lead counts for the whole of their team, so that splitting brings
 * the number down; nobody is counted twice.
 */

/** More than this and a commander loses somebody. */
export const SPAN_LIMIT = 7;

export interface SpanFacts {
  commander: string | null;
  /** Who has a role, subject experts too. */
  roleHolders: readonly string[];
  /** Owners of open asks. */
  askOwners: readonly string[];
  teams: readonly { lead: string; members: readonly string[] }[];
}

/** The people who answer to the commander themselves, in the order in which they are given. */
export function directReports({ commander, roleHolders, askOwners, teams }: SpanFacts): string[] {
  const led = new Set(teams.flatMap(({ members }) => members));
  const leads = teams.map(({ lead }) => lead);
  const direct = [...roleHolders, ...askOwners].filter((person) => !led.has(person) || leads.includes(person));
  const reports = new Set([...direct, ...leads]);
  if (commander !== null) reports.delete(commander);
  return [...reports];
}
