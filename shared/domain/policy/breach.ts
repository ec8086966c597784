/**
 * What has to be asked when security may be breached, and the times that law and contracts set. Invariant: a clock names the
 * item that ends it, so that no time runs that nobody can answer.
 */
import { z } from 'zod';
import { checkedYaml } from '../checked-yaml.ts';
import { formatDuration } from '../times.ts';
import type { PolicyKind } from './policy.ts';

const FILE = 'breach.yaml';
const id = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'an id is made of small letters, digits and -');
const line = z.string().trim().min(1).max(300);

const File = z.strictObject({
  clocks: z
    .array(
      z.strictObject({
        id,
        title: line,
        minutes: z.number().positive().max(525_600),
        /** How long before its end it stands in the commander's clock; the whole time when absent. */
        warnMinutes: z.number().positive().max(525_600).optional(),
        endedBy: id,
      }),
    )
    .max(10),
  checklist: z
    .array(z.strictObject({ id, text: line }))
    .min(1)
    .max(40),
});
export type Breach = z.infer<typeof File>;

export const breachPolicy: PolicyKind<Breach> = {
  title: 'Assessment of a breach',
  summary: 'What is asked when security may be breached, and within which time others have to be told.',
  file: FILE,
  parse: (text) => {
    const { value, problems, lineOf } = checkedYaml(FILE, text, File);
    if (value === null) return { value, problems };
    const error = (path: (string | number)[], message: string) =>
      void problems.push({ severity: 'error', file: FILE, line: lineOf(path), field: path.join('.'), message });
    for (const [list, items] of [
      ['clocks', value.clocks],
      ['checklist', value.checklist],
    ] as const)
      for (const [index, item] of items.entries())
        if (items.findIndex((one) => one.id === item.id) !== index)
          error([list, index, 'id'], `The id ${item.id} stands here twice.`);
    for (const [index, clock] of value.clocks.entries())
      if (!value.checklist.some((item) => item.id === clock.endedBy))
        error(['clocks', index, 'endedBy'], `There is no item "${clock.endedBy}" in the checklist to end this clock.`);
    return { value: problems.length > 0 ? null : value, problems };
  },
  tables: ({ clocks, checklist }) => [
    {
      title: 'Clocks',
      note: 'Each runs from the moment at which a breach was first suspected or confirmed.',
      columns: ['what', 'within', 'ends when this is answered'],
      rows: clocks.map(({ title, minutes, endedBy }) => ({
        line: 1,
        cells: [title, formatDuration(minutes * 60_000), endedBy],
      })),
    },
    {
      title: 'Questions',
      note: '',
      columns: ['item', 'what'],
      rows: checklist.map((item) => ({ line: 1, cells: [item.id, item.text] })),
    },
  ],
};
