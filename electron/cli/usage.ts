/** What a person typed is not a command line that means anything. Invariant: thrown before anything was opened or sent. */
export class UsageError extends Error {
  /** The verb that was meant, when that much was clear: its usage is shown beside the message. */
  readonly verb: string | null;
  constructor(message: string, verb: string | null = null) {
    super(message);
    this.name = 'UsageError';
    this.verb = verb;
  }
}
