/** Emergency access in words. */
import type { GrantView } from '../../../shared/contract/breakglass.ts';
import type { Capability } from '../../../shared/contract/spec.ts';

export const CAPABILITY_WORDS: Record<Capability, string> = {
  read: 'Read',
  declare: 'Declare and write',
  command: 'Command',
  'edit-estate': 'Edit the estate',
  'manage-console': 'Manage the console',
  'approve-reversible': 'Approve what can be undone',
  'approve-critical': 'Approve data, payments, failover',
  'grant-access': 'Grant access',
  'break-glass': 'Hold emergency access',
  audit: 'Audit',
};

export const capabilityWords = (list: readonly string[]): string =>
  list.map((one) => (Object.hasOwn(CAPABILITY_WORDS, one) ? CAPABILITY_WORDS[one as Capability] : one)).join(', ');

export const STATE_WORDS: Record<GrantView['state'], string> = {
  asked: 'asked for',
  approved: 'approved, not opened',
  refused: 'refused',
  lapsed: 'ran out unopened',
  'in-force': 'IN FORCE',
  ended: 'ended',
  expired: 'expired',
};

export const WAY_WORDS: Record<NonNullable<GrantView['way']>, string> = {
  code: 'by a sealed code',
  'two-persons': 'by two people',
  remote: 'approved from another console',
  phone: 'approved by phone',
};
