/**
 * The policy that says who may approve what. Invariant: a case that the policy leaves open may be approved by nobody, and
 * the file's check says so; a broken policy names every mistake by its line.
 */
import { z } from 'zod';
import type { Problem } from '../../contract/common.ts';
import { checkedYaml } from '../checked-yaml.ts';
import { Role } from '../words.ts';

export const AUTHORITY_CASES = [
  'reversible',
  'irreversible',
  'data-integrity',
  'payment-flow',
  'cross-region',
] as const;
export type AuthorityCase = (typeof AUTHORITY_CASES)[number];

const id = z.string().min(1).max(200);
const Rule = z.strictObject({
  /** Roles in the incident. */
  roles: z.array(z.string().min(1).max(60)).max(30).default([]),
  /** Team and person ids of the estate. */
  teams: z.array(id).max(100).default([]),
  people: z.array(id).max(100).default([]),
  /** Different people who have to approve. */
  approvals: z.int().min(1).max(3).default(1),
});
export type AuthorityRule = z.infer<typeof Rule>;

const File = z.strictObject({
  /** How long an approval counts, minutes. */
  approvalMinutes: z.number().min(1).max(1440),
  rules: z.partialRecord(z.enum(AUTHORITY_CASES), Rule),
});

export interface Authority {
  approvalMinutes: number;
  rules: Partial<Record<AuthorityCase, AuthorityRule>>;
}

export function parseAuthority(
  file: string,
  text: string,
): {
  authority: Authority | null;
  problems: Problem[];
  /** Where each case stands in the text. */
  lines: Partial<Record<AuthorityCase, number>>;
} {
  const { value, problems, lineOf } = checkedYaml(file, text, File);
  if (!value) return { authority: null, problems, lines: {} };
  const warn = (path: string[], field: string, message: string) =>
    void problems.push({ severity: 'warning', file, line: lineOf(path), field, message });
  for (const name of AUTHORITY_CASES) {
    const rule = value.rules[name];
    if (!rule || rule.roles.length + rule.teams.length + rule.people.length === 0)
      warn(['rules', name], `rules.${name}`, `Nobody is named for "${name}", so nobody may approve it.`);
    for (const role of rule?.roles ?? [])
      if (!Role.safeParse(role).success)
        warn(
          ['rules', name, 'roles'],
          `rules.${name}.roles`,
          `"${role}" is none of the roles ${Role.options.join(', ')}.`,
        );
  }
  const lines = Object.fromEntries(AUTHORITY_CASES.map((name) => [name, lineOf(['rules', name])]));
  return { authority: value, problems, lines };
}
