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
      /** How many sick services it explains. */
      explains: z.int(),
      /** The steps by which it reaches them, each from a service to the next that suffers by it. */
      steps: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),
  /** Changes, the newest first, at most 500. */
  changes: z.array(ChangeMark),
  asOf: Time,
});
export type MapMarks = z.infer<typeof MapMarks>;
