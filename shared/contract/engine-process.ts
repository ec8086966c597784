/** What the main process tells the engine's process at its start: one JSON text, its only argument. */
export interface EngineArguments {
  /** Data folder. */
  data: string;
  /** The program's own files: demonstration, runbooks. */
  assets: string;
  version: string;
  /** Whether an empty folder stays empty: otherwise it gets the demonstration. */
  empty: boolean;
  /** The script of the threads that read the whole log. */
  worker: string;
  /** Where compiled code is kept from one start to the next. */
  compiled: string;
}
