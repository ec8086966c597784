/** What is said of an attached file, on screen and in a terminal alike. Pure. */
import type { EvidenceView } from '../contract/evidence.ts';
import { sizeWords } from './link/words.ts';

/** "2.1 MiB · here", "2.1 MiB · at hq-1, on request". */
export function evidenceWords({ size, state, console }: Pick<EvidenceView, 'size' | 'state' | 'console'>): string {
  const where = {
    here: 'on this machine',
    elsewhere: `at ${console.name}, on request`,
    waiting: `asked for; it comes from ${console.name} over the hub`,
    fetching: 'being fetched',
  }[state];
  return `${sizeWords(size)} · ${where}`;
}
