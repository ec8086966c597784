/** What the map marks besides health. */
import { z } from 'zod';
import { Named, Time } from './common.ts';
import { ChangeMark } from './estate.ts';

export const MapMarks = z.object({
  /** Where the failing path begins, the likeliest first; those that somebody ruled out are left out. */
  causes: z.array(
    Named.extend({
      /** A person confirmed it in an open incident. */
      confirmed: z.boolean(),
      /** As in the ranking of causes: how far before the next. */
      lead: z.enum(['clear', 'likely', 'open']),
      /** Service ids from it to each sick service that it explains, both included. */
      ways: z.array(z.array(z.string())),
    }),
  ),
  /** Changes, the newest first, at most 500. */
  changes: z.array(ChangeMark),
  asOf: Time,
});
export type MapMarks = z.infer<typeof MapMarks>;
