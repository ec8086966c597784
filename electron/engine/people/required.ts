/** What an incident's response asks of people. Invariant: what somebody chose counts; while nobody has, severity speaks. */
import type { Substance } from '../../../shared/domain/policy/substance.ts';
import { requiredRoles } from '../../../shared/domain/roles.ts';
import { Severity, type Role } from '../../../shared/domain/words.ts';
import { responseInForce } from '../proposals/in-force.ts';
import type { EntityRow } from '../store/projection.ts';

/** Roles that somebody has to have, a commander always among them. */
export function requiredOf(row: EntityRow): Role[] {
  const substance = responseInForce(row)?.substance;
  if (substance) return [...new Set<Role>(['commander', ...substance.roles])];
  return [...requiredRoles(Severity.catch('SEV1').parse(row.doc['severity']))];
}

/** Whom to call when something does not come in time; nobody while no response was chosen. */
export function escalationOf(row: EntityRow): Substance['escalation'] {
  return responseInForce(row)?.substance?.escalation ?? [];
}
