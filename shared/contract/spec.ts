/**
 * Invariant: everything that crosses the border between screen, command line and engine is a command or a query of the
 * table, with a strict schema. Errors cross as values.
 */
import type { z } from 'zod';

/** What a person must hold to run a command. Readable on purpose: a refusal shows the word. */
export const CAPABILITIES = [
  'read',
  'declare',
  'command',
  'edit-estate',
  'manage-console',
  /** Let an action run, or approve one, that can be undone. */
  'approve-reversible',
  /** Approve an action that cannot be undone, or that touches data, payments or several regions. */
  'approve-critical',
  /** Give people roles, and set or take away what they unlock with. */
  'grant-access',
  /** Hold emergency access: more than one's roles give, opened by a code, a second person or an approval. */
  'break-glass',
  /** See who did what. */
  'audit',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** How a command appears on the command line: `holdfast <verb> <positionals…> [--options]`. */
export interface CliSpec {
  /** Words after the program's name: `incident say`. */
  verb: string;
  /** Members of the input taken by position; the last may be `name...`: all remaining words (joined by spaces when the member is text). */
  positionals?: readonly string[];
  /** One line for `--help`. Defaults to the title. */
  help?: string;
}

export interface Spec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  kind: 'command' | 'query';
  /** Imperative, as the palette shows it. */
  title: string;
  input: I;
  output: O;
  /** Null for what is also there while the console is locked: what it takes to unlock it. */
  capability: Capability | null;
  /** Whether running it belongs in the audit; queries never do. */
  audited: boolean;
  cli?: CliSpec;
}

type Definition<I extends z.ZodType, O extends z.ZodType> = Omit<Spec<I, O>, 'kind' | 'audited' | 'capability'> & {
  capability?: Capability | null;
  audited?: boolean;
};

export function command<I extends z.ZodType, O extends z.ZodType>(
  spec: Definition<I, O> & { capability: Capability | null },
): Spec<I, O> & { kind: 'command' } {
  return { audited: true, ...spec, kind: 'command' };
}

export function query<I extends z.ZodType, O extends z.ZodType>(
  spec: Definition<I, O>,
): Spec<I, O> & { kind: 'query' } {
  return { capability: 'read', ...spec, audited: false, kind: 'query' };
}

export type RefusalCode =
  /** The input, or a file it names, is not what it should be. */
  | 'bad_input'
  | 'not_found'
  /** The state of things forbids it (already resolved, nobody to assign, …). */
  | 'refused'
  /** A capability is missing. */
  | 'forbidden'
  /** The console is locked: who calls has to unlock it first. */
  | 'locked'
  /** The disk is full, read-only, slow or gone. */
  | 'storage'
  /** A peer did not answer. */
  | 'unreachable'
  /** The data engine is starting again; the same request may be sent again. */
  | 'restarting'
  | 'internal';

export type Reply<T = unknown> =
  | { ok: true; value: T }
  | { ok: false; code: RefusalCode; message: string; retryable: boolean };

/** Thrown inside the engine to refuse; reaches the caller as a Reply. `message` is one sentence that says what and where. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly retryable: boolean;
  constructor(code: RefusalCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'Refusal';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Pushed after every change: what to read again. */
export interface Changed {
  /** Grows with every change of this engine's life. */
  revision: number;
  keys: ChangeKey[];
}

/** `estate` structure, `health`, `incidents` any of them, one incident, `sources`, `runbooks`, `changes`, `stores` what is measured at them, `link` to the hub and the other consoles, `access` who may do what, `session` who unlocked and what single sign-on says, `grants` emergency access and exceptions, `status`, `settings`, `bundles` that are read or written, `record`. */
export type ChangeKey =
  | 'estate'
  | 'health'
  | 'incidents'
  | `incident:${string}`
  | 'sources'
  | 'runbooks'
  | 'changes'
  | 'stores'
  | 'drift'
  | 'endpoints'
  | 'degraded'
  | 'policies'
  | 'link'
  | 'access'
  | 'grants'
  | 'session'
  | 'status'
  | 'settings'
  | 'bundles'
  | 'record';
