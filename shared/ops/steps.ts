/**
 * A runbook's steps as an op keeps them. Invariant: what was pinned by an earlier version still reads; members that came
 * later are optional, and words (type, risk, audience) are texts, because a newer console may know more of them.
 */
import { z } from 'zod';
import { StepState } from '../domain/words.ts';
import { Id } from './op.ts';

const line = z.string().min(1).max(500);
const prose = z.string().max(20_000);

/** One answer of a decision, and the step (or END) that it leads to. */
const StepBranch = z.object({ label: line, to: Id });
export type StepBranch = z.infer<typeof StepBranch>;

/** A request that a step can make: the text of its ```http block, and the attributes that belong to it, as written. */
const StepAction = z.object({
  text: prose,
  expect: z.string().max(200).optional(),
  timeout: z.string().max(200).optional(),
  dryRun: z.string().max(500).optional(),
  /** What it is expected to do, in words. */
  effect: z.string().max(500).optional(),
});
export type StepAction = z.infer<typeof StepAction>;

export const PinnedStep = z.object({
  id: Id,
  title: line,
  type: z.string().max(40),
  role: z.string().max(60).nullable(),
  minutes: z.number().min(0).nullable(),
  reversible: z.boolean().nullable(),
  /** Markdown. */
  body: prose,
  /** Decision steps. */
  branches: z.array(StepBranch).max(20).optional(),
  /** Where it goes on when it is done; absent: the step that follows in the text. */
  next: Id.optional(),
  /** Approval and action steps; a member of Risk. */
  risk: z.string().max(40).optional(),
  /** More services reached than this stop the step until somebody overrules it. */
  reach: z.int().min(0).optional(),
  /** What is attached before the step is done. */
  evidence: z.array(line).max(10).optional(),
  /** Message steps; a member of Audience. */
  audience: z.string().max(40).optional(),
  /** Wait steps: what is waited for. */
  until: line.optional(),
  /** Approval steps: the step that they approve; absent: the one that they lead to. */
  approves: Id.optional(),
  action: StepAction.optional(),
});
export type PinnedStep = z.infer<typeof PinnedStep>;

/** What was attached to a step. */
export const Evidence = z.object({ what: line, value: prose.min(1) });
export type Evidence = z.infer<typeof Evidence>;

/** A guard that somebody went past, with the figure that it had then. */
export const Overruled = z.object({
  guard: z.enum(['reach', 'evidence', 'wait', 'approval']),
  figure: z.number().optional(),
});
export type Overruled = z.infer<typeof Overruled>;

/** How a step of an earlier run ended, as a run that goes on from it takes it over. */
export const CarriedStep = z.object({
  step: Id,
  state: StepState,
  branch: Id.optional(),
  reason: prose.optional(),
  /** Who did it, and when, ms. */
  by: Id,
  at: z.int(),
  evidence: z.array(Evidence).max(20).optional(),
});
export type CarriedStep = z.infer<typeof CarriedStep>;
