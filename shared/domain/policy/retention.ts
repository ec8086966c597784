/**
 * How long incidents are kept in full, and what others learn of restricted ones. Invariant: some rule fits every incident,
 * because the last one has no condition.
 */
import { z } from 'zod';
import { checkedYaml } from '../checked-yaml.ts';
import { Severity } from '../words.ts';
import type { PolicyKind } from './policy.ts';

const FILE = 'retention.yaml';

const Rule = z.strictObject({
  severities: z.array(Severity).min(1).optional(),
  restricted: z.boolean().optional(),
  /** Whether a breach was suspected or confirmed. */
  breach: z.boolean().optional(),
  days: z.number().min(1).max(36_500),
});
const File = z.strictObject({
  restricted: z.strictObject({
    /** Others see that one is running and whom to ask. */
    tellOthers: z.boolean(),
    /** One person's looks within so many minutes count as one. */
    lookMinutes: z.number().min(1).max(1440),
  }),
  keep: z.array(Rule).min(1).max(50),
});
export type Retention = z.infer<typeof File>;
export type RetentionRule = z.infer<typeof Rule>;

/** "restricted, SEV1 or SEV2: 5 years after it was closed". */
export function ruleWords({ severities, restricted, breach, days }: RetentionRule): string {
  const conditions = [
    ...(restricted === undefined ? [] : [restricted ? 'restricted' : 'not restricted']),
    ...(breach === undefined ? [] : [breach ? 'breach in question' : 'no breach in question']),
    ...(severities === undefined ? [] : [severities.join(' or ')]),
  ];
  return `${conditions.length === 0 ? 'every other one' : conditions.join(', ')}: ${daysWords(days)}`;
}

function daysWords(days: number): string {
  const years = days / 365;
  if (Number.isInteger(years)) return `${years} ${years === 1 ? 'year' : 'years'}`;
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}

/** The first rule that fits. */
export function ruleFor(
  { keep }: Retention,
  incident: { severity: Severity; restricted: boolean; breach: boolean },
): RetentionRule {
  return keep.find(
    ({ severities, restricted, breach }) =>
      (severities?.includes(incident.severity) ?? true) &&
      (restricted ?? incident.restricted) === incident.restricted &&
      (breach ?? incident.breach) === incident.breach,
  )!;
}

export const retentionPolicy: PolicyKind<Retention> = {
  title: 'Restricted incidents and retention',
  summary: 'How long incidents are kept in full, and what others learn of those that are restricted.',
  file: FILE,
  parse: (text) => {
    const { value, problems, lineOf } = checkedYaml(FILE, text, File);
    if (value === null) return { value, problems };
    const last = value.keep.length - 1;
    for (const [index, { severities, restricted, breach }] of value.keep.entries()) {
      const always = severities === undefined && restricted === undefined && breach === undefined;
      if (always === (index === last)) continue;
      problems.push({
        severity: 'error',
        file: FILE,
        line: lineOf(['keep', index]),
        field: `keep.${index}`,
        message: always
          ? 'Every incident fits this rule, so that those behind it never count: put it last.'
          : 'The last rule must fit every incident: write one with nothing but days behind it.',
      });
    }
    return { value: problems.length > 0 ? null : value, problems };
  },
  tables: ({ restricted, keep }) => [
    {
      title: 'How long',
      note: 'Counted from the day an incident was closed; the first rule that fits counts. A legal hold stops it.',
      columns: ['which', 'kept'],
      rows: keep.map((rule) => ({
        line: 1,
        cells: [ruleWords(rule).replace(/: [^:]*$/, ''), daysWords(rule.days)],
      })),
    },
    {
      title: 'Restricted incidents',
      note: '',
      columns: ['what', 'value'],
      rows: [
        { line: 1, cells: ['others see that one is running and whom to ask', restricted.tellOthers ? 'yes' : 'no'] },
        { line: 1, cells: ['looks of one person that count as one, within', `${restricted.lookMinutes} min`] },
      ],
    },
  ],
};
