/**
 * The limits of emergency access. Invariant: what the policy never gives is given by no way and to nobody; a policy that
 * leaves no way open says so, and nothing is granted for longer than it allows.
 */
import { z } from 'zod';
import { checkedYaml } from '../checked-yaml.ts';
import type { PolicyKind } from './policy.ts';

const FILE = 'breakglass.yaml';
const capability = z.string().regex(/^[a-z][a-z-]{1,40}$/, 'a capability is a word such as approve-critical');

const Ways = z.strictObject({
  code: z.boolean(),
  twoPersons: z.boolean(),
  remote: z.boolean(),
  /** How long an approval that came through the log may be taken up, minutes. */
  remoteMinutes: z.number().min(1).max(1440).default(30),
  phone: z.boolean(),
  /** How long a code for the phone is good, minutes. */
  phoneMinutes: z.number().min(1).max(60).default(10),
  phoneTries: z.int().min(1).max(10).default(5),
});

const File = z.strictObject({
  longestMinutes: z.number().min(5).max(1440),
  usualMinutes: z.number().min(5).max(1440),
  never: z.array(capability).max(20),
  ways: Ways,
  second: z.strictObject({
    capabilities: z.array(capability).max(20),
    people: z.array(z.string().min(1).max(200)).max(200),
  }),
  codesDays: z.int().min(1).max(1100),
});

export type Breakglass = z.infer<typeof File>;

export const breakglassPolicy: PolicyKind<Breakglass> = {
  title: 'Emergency access',
  summary: 'How people get more power than they hold, for how long at most, and what is never given.',
  file: FILE,
  parse: (text) => {
    const { value, problems, lineOf } = checkedYaml(FILE, text, File);
    if (value === null) return { value, problems };
    const error = (path: string[], message: string) =>
      void problems.push({ severity: 'error', file: FILE, line: lineOf(path), field: path.join('.'), message });
    if (value.usualMinutes > value.longestMinutes)
      error(['usualMinutes'], `What is usual (${value.usualMinutes}) is longer than what is allowed.`);
    if (value.ways.twoPersons && value.second.capabilities.length === 0 && value.second.people.length === 0)
      error(
        ['second'],
        'Nobody could be the second person: name capabilities or people, or set ways.twoPersons to false.',
      );
    const { code, twoPersons, remote, phone } = value.ways;
    if (!code && !twoPersons && !remote && !phone)
      problems.push({
        ...{ severity: 'warning', file: FILE, line: lineOf(['ways']), field: 'ways' },
        message: 'No way is open: when everything else is down nobody gets in.',
      });
    return { value: problems.some(({ severity }) => severity === 'error') ? null : value, problems };
  },
  tables: ({ longestMinutes, usualMinutes, never, ways, second, codesDays }) => [
    {
      title: 'Limits',
      note: `Usually ${usualMinutes} minutes, never more than ${longestMinutes}. Each grant is reviewed before its incident is closed.`,
      columns: ['what', 'how'],
      rows: [
        ['never given', never.join(', ') || 'nothing is kept back'],
        ['by a sealed code', ways.code ? `yes; codes are good for ${codesDays} days` : 'no'],
        [
          'by two people',
          ways.twoPersons ? `yes; the second holds ${[...second.capabilities, ...second.people].join(' or ')}` : 'no',
        ],
        ['from another console', ways.remote ? `yes; to be taken up within ${ways.remoteMinutes} minutes` : 'no'],
        ['by phone', ways.phone ? `yes; ${ways.phoneMinutes} minutes, ${ways.phoneTries} tries` : 'no'],
      ].map((cells) => ({ line: 1, cells })),
    },
  ],
};
