/**
 * The reasons of a candidate in plain words. Invariant: every sentence says what was observed and when, in the zone of who
 * reads it; it never says more than the evidence does.
 */
import { healthWord } from '../health.ts';
import { formatDuration, formatWhen } from '../times.ts';
import type { Candidate, Reason } from './rank.ts';

export interface CauseNames {
  service(id: string): string;
  businessService(id: string): string;
  /** Title of a change. */
  change(id: string): string;
}

/** Where and when it is read. */
export interface Reader {
  zone: string;
  /** ms */
  now: number;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** One sentence without a full stop: what was seen, with its times. */
export function tellReason(reason: Reason, names: CauseNames, reader: Reader): string {
  const when = (at: number): string => formatWhen(at, reader.zone, reader.now, { seconds: true });
  switch (reason.kind) {
    case 'own': {
      const since = reason.onset === null ? '' : ` since ${when(reason.onset)}`;
      if (reason.health === 'healthy') return 'It reports healthy itself: its alerts would have to be late';
      if (reason.health !== 'unknown') return `It is ${healthWord(reason.health)}${since}`;
      return reason.heard
        ? `It fell silent${since}; nothing is known of it`
        : 'Nothing watches it, so it could be sick unseen';
    }
    case 'cleared':
      if (reason.of === 0) return 'It depends on nothing else that is known here';
      return reason.silent === 0
        ? `What it depends on is healthy (${count(reason.of, 'service')})`
        : `What it depends on is healthy as far as known (${reason.silent} of ${reason.of} unknown)`;
    case 'downstream': {
      const [first] = reason.services;
      const since = first!.onset === null ? '' : ` since ${when(first!.onset)}`;
      const more = reason.services.length > 1 ? ` and ${reason.services.length - 1} more` : '';
      return `It depends on ${names.service(first!.id)}, which is sick itself${since}${more}`;
    }
    case 'changed': {
      const word = reason.changeKind === 'other' ? 'change' : reason.changeKind.replaceAll('-', ' ');
      const gap =
        reason.before === null
          ? ''
          : reason.before < 1000
            ? ', as it began'
            : `, ${formatDuration(reason.before)} before it began`;
      return `${word[0]!.toUpperCase()}${word.slice(1)} at ${when(reason.at)}${gap}: ${names.change(reason.change)}`;
    }
    case 'explains': {
      if (reason.services === 0) return 'It explains no other sick service';
      const load = reason.overloaded === 0 ? '' : `, ${reason.overloaded} of them by load on what it calls`;
      return `It explains ${reason.services} of ${count(reason.of, 'other sick service')}${load}`;
    }
    case 'earliest':
      return `It was the first: sick from ${when(reason.onset)}, ${names.service(reason.before!.id)} from ${when(reason.before!.onset)}`;
    case 'late':
      return `${count(reason.services, 'service')} that it would explain ${reason.services === 1 ? 'was' : 'were'} sick before it began, ${names.service(reason.first.id)} from ${when(reason.first.onset)}`;
    case 'contradicted':
      return `${count(reason.services, 'service')} that it should have hurt by now ${reason.services === 1 ? 'is' : 'are'} healthy, such as ${names.service(reason.example)}`;
    case 'business': {
      const listed = reason.services.slice(0, 3).map(names.businessService).join(', ');
      const more = reason.services.length > 3 ? ` and ${reason.services.length - 3} more` : '';
      return `It stands on the way to ${reason.services.length} of ${count(reason.of, 'hurt business service')}: ${listed}${more}`;
    }
    case 'aside':
      return `It explains none of the ${count(reason.of, 'hurt business service')}`;
  }
}

export type Lead = 'clear' | 'likely' | 'open';

/** How far the first candidate of a fault stands before the next for the same fault. */
export function leadOf(candidate: Candidate, ranked: readonly Candidate[]): Lead {
  const rivals = ranked.filter(({ fault }) => fault === candidate.fault);
  if (rivals[0] !== candidate) return 'open';
  const ahead = candidate.score - (rivals[1]?.score ?? Number.NEGATIVE_INFINITY);
  return ahead >= 10 ? 'clear' : ahead >= 5 ? 'likely' : 'open';
}
