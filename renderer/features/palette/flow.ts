/**
 * A command that the palette asks for piece by piece. Invariant: nothing runs before the last piece; going back a piece
 * forgets it; what can be left out says so.
 */
import type { ReactNode } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import type { Place } from '../../state/navigation.ts';

export interface Pick {
  value: string;
  title: string;
  hint?: string;
  mark?: ReactNode;
}

export type Values = Readonly<Record<string, string>>;

export type Step =
  | {
      kind: 'pick';
      name: string;
      prompt: string;
      load(values: Values): Promise<Reply<Pick[]>>;
      /** What leaving it out is called; absent: it must be picked. */
      skip?: string;
    }
  | {
      kind: 'text';
      name: string;
      prompt: string;
      placeholder?: string;
      /** What it said before, to be edited. */
      initial?(values: Values): Promise<string>;
      /** One sentence when the text will not do. */
      check?(text: string): string | null;
      skip?: string;
    }
  | { kind: 'confirm'; prompt: string; verb: string };

export interface Outcome {
  /** Where the result is seen. */
  go?: Place;
  /** What came of it, where no screen shows it. */
  said?: string;
}

export interface Flow {
  title: string;
  hint?: string;
  also?: string;
  keys?: string;
  steps: readonly Step[];
  /** Steps known beforehand, as the incident whose room is open. */
  known?: Values;
  run(values: Values): Promise<Reply<Outcome>>;
}

/** A flow that only goes somewhere or opens something. */
export interface Jump {
  title: string;
  hint?: string;
  also?: string;
  keys?: string;
  mark?: ReactNode;
  jump(): void;
}

/** The steps that still have to be asked. */
export function remaining(flow: Flow, values: Values): Step[] {
  return flow.steps.filter((step) =>
    step.kind === 'confirm' ? values['confirmed'] !== 'yes' : values[step.name] === undefined,
  );
}
