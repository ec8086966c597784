import { expect, it } from 'vitest';
import { lensOf, nextLens, ownRole } from '../../renderer/features/people/lens.ts';
import type { RoleView } from '../../shared/contract/incident.ts';
import { ROLES } from '../../shared/domain/orders.ts';

it('is that of the first role one has, and hides no part of the room whatever the role', () => {
  const roles: RoleView[] = [
    { role: 'scribe', person: { id: 'ana', name: 'Ana' }, since: null },
    { role: 'communications', person: { id: 'ana', name: 'Ana' }, since: null },
    { role: 'commander', person: null, since: null },
  ];
  expect(ownRole(roles, 'ana')).toBe('communications');
  expect(ownRole(roles, 'li')).toBeNull();
  expect(ownRole(roles, null)).toBeNull();
  for (const role of ROLES) expect(lensOf(role).parts.toSorted()).toEqual(lensOf(null).parts.toSorted());
  expect(lensOf('commander')).toEqual(lensOf(null));
});

it('is walked through all roles and back to the whole room', () => {
  const walked = [];
  for (let role = nextLens(null); role !== null; role = nextLens(role)) walked.push(role);
  expect(walked).toEqual([...ROLES]);
});
