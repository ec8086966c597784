/** Who may approve which action, as a policy that people read, change and keep the versions of. */
import { AUTHORITY_CASES, parseAuthority, type Authority, type AuthorityCase } from '../actions/authority.ts';
import { whoWords } from '../actions/guard.ts';
import type { PolicyKind } from './policy.ts';

const FILE = 'authority.yaml';

const WORDS: Record<AuthorityCase, string> = {
  reversible: 'low risk, can be undone, reaches further than it may',
  irreversible: 'cannot be undone',
  'data-integrity': 'may change, lose or double data',
  'payment-flow': 'touches how customers pay',
  'cross-region': 'reaches across regions',
};

export const authorityPolicy: PolicyKind<Authority & { lines: Partial<Record<AuthorityCase, number>> }> = {
  title: 'Who approves actions',
  summary: 'Who may approve a guarded action, by what it risks, and how long an approval counts.',
  file: FILE,
  parse: (text) => {
    const { authority, problems, lines } = parseAuthority(FILE, text);
    return { value: authority && { ...authority, lines }, problems };
  },
  tables: (value) => [
    {
      title: 'Approvals',
      note: `An approval counts for ${value.approvalMinutes} minutes. Whoever proposed an action never approves it.`,
      columns: ['An action that', 'is approved by', 'people'],
      rows: AUTHORITY_CASES.map((name) => ({
        line: value.lines[name] ?? 1,
        cells: [WORDS[name], whoWords(value, name), String(value.rules[name]?.approvals ?? 0)],
      })),
    },
  ],
};
