/** How the room looks to somebody: a role sees first what it has to do. Invariant: a lens hides nothing that cannot be shown again with one key. */
import { ROLES } from '../../../shared/domain/orders.ts';
import type { EntryKind } from '../../../shared/domain/timeline.ts';
import type { Role } from '../../../shared/domain/words.ts';
import type { RoleView } from '../../../shared/contract/incident.ts';

/** What stands in the column of what is next. */
export type Part = 'pressing' | 'decisions' | 'asks' | 'checklist';

export interface Lens {
  /** Kinds of entries that are shown; all when there are none. */
  kinds: readonly EntryKind[];
  parts: readonly Part[];
}

const WHOLE: Lens = { kinds: [], parts: ['pressing', 'decisions', 'asks', 'checklist'] };

const LENSES: Record<Role, Lens> = {
  commander: WHOLE,
  deputy: WHOLE,
  communications: {
    kinds: ['decision', 'state', 'note', 'health'],
    parts: ['pressing', 'checklist', 'decisions', 'asks'],
  },
  operations: {
    kinds: ['ask', 'step', 'action', 'health', 'change', 'decision'],
    parts: ['asks', 'pressing', 'decisions', 'checklist'],
  },
  scribe: { kinds: [], parts: ['checklist', 'pressing', 'decisions', 'asks'] },
  'subject-expert': {
    kinds: ['ask', 'step', 'health', 'change', 'note'],
    parts: ['asks', 'decisions', 'pressing', 'checklist'],
  },
  'executive-liaison': { kinds: ['decision', 'state', 'note'], parts: ['pressing', 'decisions', 'checklist', 'asks'] },
  'business-owner': {
    kinds: ['decision', 'state', 'note', 'health'],
    parts: ['decisions', 'pressing', 'checklist', 'asks'],
  },
  'store-liaison': {
    kinds: ['decision', 'state', 'note', 'health'],
    parts: ['checklist', 'pressing', 'decisions', 'asks'],
  },
  governance: {
    kinds: ['decision', 'action', 'role', 'state', 'correction'],
    parts: ['decisions', 'pressing', 'checklist', 'asks'],
  },
};

/** The first role that somebody has, in the order of the roles; null when they have none. */
export function ownRole(roles: readonly RoleView[], me: string | null): Role | null {
  return ROLES.find((role) => roles.some((one) => one.role === role && one.person?.id === me)) ?? null;
}

/** The room as `role` sees it; whole for somebody without one. */
export function lensOf(role: Role | null): Lens {
  return role === null ? WHOLE : LENSES[role];
}

/** What comes after `role` when somebody looks through all of them: the whole room first and last. */
export function nextLens(role: Role | null): Role | null {
  return ROLES[role === null ? 0 : ROLES.indexOf(role) + 1] ?? null;
}
