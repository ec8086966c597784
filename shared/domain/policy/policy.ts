/**
 * What a policy is: a YAML text that a person can read, checked as a whole. Invariant: a text with an error has no value,
 * so that half a policy is never in force; a text is a value or it is a list of lines to mend.
 */
import type { Problem } from '../../contract/common.ts';

export interface ParsedPolicy<V> {
  /** Null when `problems` holds an error. */
  value: V | null;
  problems: Problem[];
}

/** A part of a policy as a table that can be read without knowing YAML. */
export interface PolicyTable {
  title: string;
  /** A sentence on how it is read, or empty. */
  note: string;
  columns: string[];
  /** `line` is where it stands in the text, 1-based. */
  rows: { line: number; cells: string[] }[];
}

export interface PolicyKind<V> {
  title: string;
  /** What it decides, one sentence. */
  summary: string;
  /** Name of the file in `assets/policy/`, and of the file in its problems. */
  file: string;
  /** Never throws. */
  parse(text: string): ParsedPolicy<V>;
  tables(value: V): PolicyTable[];
}

/** Longest policy text, characters: it travels as one op. */
export const MAX_POLICY = 100_000;
