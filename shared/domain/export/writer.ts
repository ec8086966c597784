/** How a format is written: a beginning, one piece per line of the timeline, an end. Nothing of it needs the whole at once. */
import type { DocumentEntry } from '../../contract/exports.ts';

export interface DocumentWriter {
  begin(): Iterable<string>;
  entry(entry: DocumentEntry): string;
  end(): Iterable<string>;
}
