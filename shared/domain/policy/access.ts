/**
 * Who may do what, as a policy that people read, change and keep the versions of. Invariant: every role that is named
 * anywhere is one that the policy describes, and one of them may grant access: a text that would lock everybody out for good is none.
 */
import { CAPABILITIES, type Capability } from '../../contract/spec.ts';
import type { AccessPolicy, AccessRole } from '../access/rights.ts';
import { quote } from '../catalog/problems.ts';
import type { Cursor } from '../catalog/yaml.ts';
import type { PolicyKind } from './policy.ts';
import { PolicyReader } from './reader.ts';

const NAMES = [
  'whileLocked',
  'idleMinutes',
  'sessionHours',
  'ssoHours',
  'passphrase',
  'pin',
  'everybody',
  'roles',
  'teams',
  'people',
  'groups',
];
const MAX_ROLES = 50;
const MAX_HOLDERS = 2000;

function parse(text: string): ReturnType<PolicyKind<AccessPolicy>['parse']> {
  const reader = new PolicyReader(accessPolicy.file, text);
  const { root } = reader;
  if (!root) return { value: null, problems: reader.result(() => null).problems };
  reader.only(root, NAMES);
  const roles = readRoles(reader, root);
  const known = (at: Cursor | null, named: readonly string[]): readonly string[] => {
    for (const role of named)
      if (!roles.has(role))
        reader.error(at, `There is no role ${quote(role)}; there are ${[...roles.keys()].join(', ') || 'none'}.`);
    return named;
  };
  const everybody = known(root.get('everybody'), reader.texts(root, 'everybody', 100));
  const holders = (name: string): Map<string, readonly string[]> => {
    const at = reader.map(root, name);
    const members = [...(at?.members() ?? [])];
    if (members.length > MAX_HOLDERS) reader.error(at, `${quote(name)} names more than ${MAX_HOLDERS}.`);
    return new Map(members.map(([id, member]) => [id, known(member, at === null ? [] : reader.texts(at, id, 100))]));
  };
  const policy: AccessPolicy = {
    whileLocked: reader.oneOf(root, 'whileLocked', ['read', 'nothing']) ?? 'read',
    idleMinutes: reader.number(root, 'idleMinutes', { max: 1440 }) ?? 15,
    sessionHours: reader.number(root, 'sessionHours', { min: 0.1, max: 168 }) ?? 12,
    ssoHours: reader.number(root, 'ssoHours', { min: 0.1, max: 168 }) ?? 12,
    passphrase: reader.number(root, 'passphrase', { min: 8, max: 100, whole: true }) ?? 10,
    pin: pinOf(reader, root),
    ...{ everybody, roles, teams: holders('teams'), people: holders('people'), groups: holders('groups') },
  };
  if (roles.size > 0 && ![...roles.values()].some(({ may }) => may.includes('grant-access')))
    reader.error(
      root.get('roles'),
      'No role may grant-access, so nobody could ever give a right again; add it to one of the roles.',
      'roles',
    );
  for (const role of roles.values())
    if (!role.may.includes('read') && role.may.length > 0)
      reader.warning(root.get('roles'), `The role ${role.id} may do things but not read what it does.`, 'roles');
  if (everybody.some((role) => roles.get(role)?.may.includes('grant-access')))
    reader.warning(root.get('everybody'), 'Everybody may grant access, so every right is everybody’s.', 'everybody');
  return reader.result(() => policy);
}

function pinOf(reader: PolicyReader, root: Cursor): number {
  const pin = reader.number(root, 'pin', { max: 20, whole: true }) ?? 6;
  if (pin > 0 && pin < 6)
    reader.error(root.get('pin'), 'A PIN of fewer than 6 digits is found by trying; write 6 or more, or 0 for none.');
  return pin;
}

function readRoles(reader: PolicyReader, root: Cursor): Map<string, AccessRole> {
  const roles = new Map<string, AccessRole>();
  const items = reader.list(root, 'roles');
  if (items.length === 0) reader.error(root, 'This policy has no "roles", so nobody may do anything.', 'roles');
  if (items.length > MAX_ROLES) reader.error(items[MAX_ROLES]!, `There are more than ${MAX_ROLES} roles.`);
  const taken = new Map<string, number>();
  for (const at of items) {
    if (at.kind !== 'map') {
      reader.error(
        at,
        'A role is an id, a title and what it may: { id: auditor, title: Auditor, may: [read, audit] }.',
      );
      continue;
    }
    reader.only(at, ['id', 'title', 'may']);
    const id = reader.id(at, taken);
    const title = reader.text(at, 'title', 100) ?? id;
    const may = reader.allOf<Capability>(at, 'may', CAPABILITIES);
    if (!at.get('may')) reader.error(at, `The role ${id} does not say what it may.`);
    if (!roles.has(id)) roles.set(id, { id, title, may, line: at.line });
  }
  return roles;
}

export const accessPolicy: PolicyKind<AccessPolicy> = {
  title: 'Who may do what',
  summary: 'Roles with what they may, who holds them, and when a console locks itself.',
  file: 'access.yaml',
  parse,
  tables: (policy) => [
    {
      title: 'Roles',
      note: 'A person has what all of their roles give together.',
      columns: ['role', 'may', 'held by'],
      rows: [...policy.roles.values()].map(({ id, title, may, line }) => ({
        line,
        cells: [title, may.join(', ') || 'nothing', heldBy(policy, id)],
      })),
    },
    {
      title: 'Locking',
      note: 'Once somebody has set what they unlock with.',
      columns: ['what', 'how'],
      rows: [
        ['A locked console shows', policy.whileLocked === 'read' ? 'everything, to be read' : 'the big board only'],
        [
          'A window locks itself',
          policy.idleMinutes === 0 ? 'never' : `after ${policy.idleMinutes} min without a hand on it`,
        ],
        ['The secret is asked for again', `${policy.sessionHours} h after unlocking`],
        ['Single sign-on counts', `${policy.ssoHours} h after it was last verified, while it is unreachable`],
        ['Shortest passphrase', `${policy.passphrase} characters`],
        ['Shortest PIN', policy.pin === 0 ? 'no PINs' : `${policy.pin} digits`],
      ].map((cells) => ({ line: 1, cells })),
    },
  ],
};

function heldBy(policy: AccessPolicy, role: string): string {
  const named = (kind: string, map: ReadonlyMap<string, readonly string[]>): string[] =>
    [...map].filter(([, roles]) => roles.includes(role)).map(([id]) => `${kind}${id}`);
  const all = [
    ...(policy.everybody.includes(role) ? ['everybody'] : []),
    ...named('team ', policy.teams),
    ...named('', policy.people),
    ...named('group ', policy.groups),
  ];
  return all.join(', ') || 'whom it is given to by name';
}
