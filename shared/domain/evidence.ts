/** What is said of an attached file, on screen and in a terminal alike. Pure. */
import type { EvidenceView } from '../contract/evidence.ts';
import { sizeWords } from './link/words.ts';

/** Largest file that is attached, bytes: every console that wants it holds it in memory once. */
export const MAX_EVIDENCE = 25 * 1024 * 1024;

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

/** "34 files, 12.1 MiB; 3 are not on this machine". */
export function evidenceSum(files: readonly Pick<EvidenceView, 'size' | 'state'>[]): string {
  const away = files.filter(({ state }) => state !== 'here').length;
  const count = files.length === 1 ? '1 file' : `${files.length.toLocaleString('en')} files`;
  const size = sizeWords(files.reduce((sum, one) => sum + one.size, 0));
  return `${count}, ${size}${away === 0 ? '' : `; ${away === 1 ? '1 is' : `${away.toLocaleString('en')} are`} not on this machine`}`;
}

/** What a check found, as it is said beside the file. */
export const VERDICT_WORDS = {
  good: 'is what was attached',
  damaged: 'is NOT what was attached: its hash is wrong',
  missing: 'is not on this machine',
} as const;
