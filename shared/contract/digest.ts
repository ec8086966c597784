/** What happened while this console was cut off, or came with a bundle: by incident, in plain words, with what is to be done. */
import { z } from 'zod';
import { Named, Time } from './common.ts';
import { Severity, Status } from '../domain/words.ts';

const Count = z.object({ words: z.string(), count: z.int() });

export const DigestLine = z.object({
  /** Op id. */
  op: z.string(),
  at: Time,
  zone: z.string(),
  by: Named,
  text: z.string(),
});
export type DigestLine = z.infer<typeof DigestLine>;

const Part = z.object({
  ops: z.int(),
  /** The newest moment at which one of them was written. */
  newest: Time,
  /** "2 decisions", the most important first. */
  counts: z.array(Count),
  /** What matters most, the newest first, and how many such lines there are besides. */
  lines: z.array(DigestLine),
  more: z.int(),
});

export const DigestView = z.object({
  why: z.enum(['link', 'bundle', 'asked']),
  /** From when to when; null while it lasts. */
  since: Time,
  until: Time.nullable(),
  /** Of a bundle its file's name. */
  from: z.string().nullable(),
  /** "While we were cut off 12 min: …". */
  headline: z.string(),
  /** Who wrote what came. */
  consoles: z.array(Named.extend({ ops: z.int() })),
  /** What others did, the incident with the newest of it first, and how many incidents are left out. */
  incidents: z.array(
    Part.extend({ id: z.string(), label: z.string(), title: z.string(), severity: Severity, status: Status }),
  ),
  moreIncidents: z.int(),
  /** What others changed outside incidents. */
  estate: Part.nullable(),
  /** What we did meanwhile: what left when the link was back, or what the maker of a bundle did not have. */
  ours: z.object({
    ops: z.int(),
    incidents: z.array(z.object({ id: z.string(), label: z.string(), title: z.string(), ops: z.int() })),
    /** How many of them still wait to leave. */
    waiting: z.int(),
  }),
  /** What is contested now and has an answer among what came. */
  conflicts: z.array(z.object({ key: z.string(), text: z.string() })),
  /** Actions that were held back and ask again before they run. */
  actions: z.array(z.object({ incident: z.string(), text: z.string() })),
  /** What was kept out, by reason. */
  quarantined: z.object({ ops: z.int(), reasons: z.array(Count) }),
});
export type DigestView = z.infer<typeof DigestView>;

export const DigestInput = z.strictObject({
  /** What arrived from this moment on, instead of the digest that waits to be read. */
  since: Time.optional(),
});
/** Null when nothing waits to be read. */
export const DigestAnswer = z.object({ digest: DigestView.nullable() });
