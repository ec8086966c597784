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

/** Words in a person's title that fit a role. */
export const ROLE_TITLES: Record<Role, RegExp> = {
  commander: /incident (manager|commander)|commander|major incident|duty manager|head of (operations|it)/i,
  deputy: /incident (manager|commander)|deputy (incident|commander)|duty manager|team lead|head of/i,
  communications: /communicat|public relations|press|customer (service|care)/i,
  operations: /operations|reliability|\bsre\b|platform|infrastructure/i,
  scribe: /scribe|incident coordinator|project|assistant|analyst/i,
  'subject-expert': /engineer|architect|administrator|\bdba\b|specialist|developer|expert/i,
  'executive-liaison': /chief|\bc[iot]o\b|director|executive|head of/i,
  'business-owner': /owner|product|commerc|trading|merchandis|head of (sales|checkout|e-?commerce)/i,
  'store-liaison': /store|region|retail|field/i,
  governance: /governance|risk|complian|audit|security|legal|privacy/i,
};
