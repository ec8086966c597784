/**
 * Invariant: once a console is locked, somebody who can unlock it may grant access. Whatever would leave nobody (a policy, a
 * withdrawal, a removal, an import of the catalog) is refused in the very transaction that would write it.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { rolesOf, type GivenRole } from '../../../shared/domain/access/rights.ts';
import { accessPolicy } from '../../../shared/domain/policy/access.ts';
import { ESTATE, type OpDraft } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';
import { givenRoles } from './rights.ts';

type Known = Pick<Context, 'store' | 'estate' | 'policies' | 'access'>;

/** `work`, and then the look at who is left. */
export function keepingKeepers<T>(known: Known, work: (tx: Transaction) => T): (tx: Transaction) => T {
  if (!known.access.secrets.any()) return work;
  return (tx) => {
    const gone = new Set<string>();
    const groups = new Set<string>();
    let touched = false;
    const value = work({
      ...tx,
      append: (draft) => {
        if (matters(draft)) touched = true;
        if (draft.type === 'access.secret' && draft.payload['state'] === 'removed')
          gone.add(String(draft.payload['person']));
        if (draft.payload['kind'] === 'team') groups.add(String(draft.payload['id']));
        return tx.append(draft);
      },
    });
    if (touched && !isKept(known, tx, gone, groups))
      throw new Refusal(
        'refused',
        `This would lock everybody out: nobody who can unlock this console would still have "grant-access". Give it to somebody who stays first.`,
      );
    return value;
  };
}

function matters({ type, payload }: OpDraft): boolean {
  if (type === 'policy.put') return payload['policy'] === 'access';
  if (type === 'estate.put' || type === 'estate.remove')
    return payload['kind'] === 'person' || payload['kind'] === 'team';
  return type === 'access.withdraw' || type === 'access.secret';
}

/** Whether somebody is left, as the transaction sees it; `teams` are those that it wrote. */
function isKept(known: Known, tx: Transaction, gone: ReadonlySet<string>, teams: ReadonlySet<string>): boolean {
  const policy = policyOf(known, tx);
  const given = givenRoles(known).filter(({ to, subject, role }) => isHeld(tx, to, subject, role));
  const allTeams = [...new Set([...known.estate.all('team').keys(), ...teams])];
  return known.access.secrets.list().some(({ person }) => {
    const row = tx.entity('person', ESTATE, person);
    if (gone.has(person) || !row || row.gone) return false;
    const own = Array.isArray(row.doc['teams']) ? row.doc['teams'].map(String) : [];
    const member = allTeams.filter((id) => {
      const team = tx.entity('team', ESTATE, id);
      return team && !team.gone && Array.isArray(team.doc['members']) && team.doc['members'].includes(person);
    });
    const roles = rolesOf(policy, given, { person, teams: [...new Set([...own, ...member])], groups: [] });
    return roles.some(({ role }) => role.may.includes('grant-access'));
  });
}

function isHeld(tx: Transaction, to: GivenRole['to'], subject: string, role: string): boolean {
  return tx.entity('access-role', ESTATE, `${to}:${subject}:${role}`)?.doc['held'] === 'granted';
}

function policyOf({ policies }: Known, tx: Transaction) {
  const inForce = tx.entity('policy', ESTATE, 'access')?.doc['inForce'] as { text: string | null } | undefined;
  const text = inForce === undefined ? null : inForce.text;
  const parsed = accessPolicy.parse(text ?? policies.shipped('access')).value;
  return parsed ?? policies.get('access').value;
}
