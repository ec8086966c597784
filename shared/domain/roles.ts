/**
 * Which roles an incident cannot do without. Invariant: an incident always needs a commander; the worse it is, the more of
 * the others it needs, so that a role that is asked for at one severity is asked for at every higher one.
 */
import type { Role, Severity } from './words.ts';

const REQUIRED: Record<Severity, readonly Role[]> = {
  SEV1: ['commander', 'communications', 'operations', 'scribe'],
  SEV2: ['commander', 'communications', 'operations', 'scribe'],
  SEV3: ['commander'],
  SEV4: ['commander'],
};

export function requiredRoles(severity: Severity): readonly Role[] {
  return REQUIRED[severity];
}
