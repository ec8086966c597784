/** The record in words: what can be said of it, and how its parts are called. Pure. */
import type { BackupView, QuarantineView, RecordView, RestoreView } from '../../contract/record.ts';
import { oneLine } from '../timeline.ts';
import { DAY, formatDuration, MINUTE, SECOND } from '../times.ts';
import type { Health } from '../words.ts';
import { count, lostOps } from './lost.ts';
import { lookUp } from '../lookup.ts';

export interface Answer {
  /** Its mark: sound, wrong, or not known. */
  health: Health;
  /** One sentence that answers the question. */
  words: string;
  /** What stands beside it and does not change the answer. */
  besides: string[];
}

/** The engine checks once a day; after this an answer is none any more, ms. */
const ANSWER_LASTS = 2 * DAY;

/** Whether the record can be trusted, as far as it was checked until `now` (ms). */
export function answerOf(record: RecordView, now: number): Answer {
  const { verified, ops, quarantine, unknownOps, backups } = record;
  const lost = lostOps(record.restored);
  const besides = [
    ...(verified !== null && ops > verified.ops
      ? [`${count(ops - verified.ops, 'op')} came since and were not checked yet.`]
      : []),
    ...(ops > 0 && backups.list.every(({ problem }) => problem !== null)
      ? ['No backup remembers how long it is, so a cut-off end would not show. Back up once.']
      : []),
    ...(quarantine.total > 0
      ? [`${count(quarantine.total, 'op')} from elsewhere ${quarantine.total === 1 ? 'is' : 'are'} kept out.`]
      : []),
    ...(unknownOps > 0
      ? [
          `${count(unknownOps, 'op')} of a newer version ${unknownOps === 1 ? 'is' : 'are'} kept until this one is updated.`,
        ]
      : []),
  ];
  if (record.begun && !record.begun.whole && (verified?.ok ?? true))
    return {
      health: 'unknown',
      words:
        record.begun.verifiedBackTo === null
          ? 'Not known yet: it began from a snapshot, of which nothing was verified so far.'
          : 'Not wholly known yet: it began from a snapshot, which is being verified from the newest ops back.',
      besides,
    };
  if (verified === null) return { health: 'unknown', words: 'Not known: it was not checked yet.', besides };
  if (!verified.ok) return { health: 'failing', words: `No: ${count(verified.findingCount, 'finding')}.`, besides };
  if (now - verified.startedAt > ANSWER_LASTS) {
    return {
      health: 'unknown',
      words: `Not known: it was sound ${formatDuration(now - verified.startedAt)} ago and was not checked since.`,
      besides,
    };
  }
  if (lost > 0)
    return {
      health: 'degraded',
      words: `What is here is genuine, but ${count(lost, 'op')} ${lost === 1 ? 'is' : 'are'} lost.`,
      besides,
    };
  return {
    health: 'healthy',
    words: 'Yes: every op is in its place, unchanged and signed, and the tables say what it says.',
    besides,
  };
}

/** "ops 31 to 55", "op 7". */
export const opRange = (first: number, last: number): string =>
  first === last ? `op ${first}` : `ops ${first} to ${last}`;

/** The cause of a report that is none: nothing was done. */
export const PREVIEW = 'Preview: nothing was changed.';

/** A sentence of a report, with what belongs under it. */
export interface ReportLine {
  text: string;
  /** It tells of a loss. */
  bad: boolean;
  under: string[];
}

export interface Telling {
  /** False for a preview. */
  done: boolean;
  nameOf(console: string): string;
  /** An instant (ms) for the reader. */
  when(at: number): string;
}

const SHOWN_GAPS = 20;

/** What a restoration came to, or would come to: what is back, what nobody has, where the old files lie. */
export function reportLines(report: RestoreView, { done, nameOf, when }: Telling): ReportLine[] {
  const { backup, ops, salvaged, damaged, failure, missing, retiredConsole, replaced } = report;
  const lost = lostOps(report);
  const files = `the ${done ? 'old' : 'present'} files`;
  const from =
    backup === null
      ? ', all of them read from the damaged files; there was no backup'
      : `: ${count(backup.ops, 'op')} from the backup of ${when(backup.at)}, and ${salvaged.toLocaleString('en')} that only ${files} had`;
  const gaps = missing
    .slice(0, SHOWN_GAPS)
    .map(({ console, first, last }) => `${opRange(first, last)} of ${nameOf(console)}`);
  const more = missing.length - gaps.length;
  const line = (text: string, bad = false, under: string[] = []): ReportLine => ({ text, bad, under });
  return [
    line(`The log ${done ? 'holds' : 'would hold'} ${count(ops, 'op')}${from}.`),
    ...(failure === null
      ? []
      : [line(`${files[0]!.toUpperCase()}${files.slice(1)} could not be read: ${failure}`, true)]),
    lost === 0
      ? line('Nothing that is known to have existed is missing.')
      : line(
          `${count(lost, 'op')} ${lost === 1 ? 'is missing; nobody has it' : 'are missing; nobody has them'}:`,
          true,
          [...gaps, ...(more > 0 ? [`and ${count(more, 'more gap')}`] : [])],
        ),
    ...(damaged.length === 0
      ? []
      : [
          line(
            `${count(damaged.length, 'op')} in ${files} ${damaged.length === 1 ? 'is' : 'are'} no longer what was written${lost === 0 ? '; what was written comes from the backup' : ''}.`,
          ),
        ]),
    ...(retiredConsole === null
      ? []
      : [
          line(
            `This console ${done ? 'goes on' : 'would go on'} under a new key, because the numbers of its last ops must not be used twice.`,
          ),
        ]),
    ...(replaced === null ? [] : [line(`The old files lie in ${replaced}.`)]),
  ];
}

export interface ConsoleLine {
  id: string;
  name: string;
  access: RecordView['consoles'][number]['access'];
  ops: number;
  /** The last op that was checked. */
  head: { seq: number; id: string } | null;
  /** Checked ops that a good signature covers; null before the first check. */
  signed: number | null;
  checked: number | null;
  findings: number;
  /** ms */
  ahead: number;
}

/** Every console of the log with what the last check said of it: this one first, then those with findings, then by name. */
export function consoleLines({ consoles, verified }: RecordView): ConsoleLine[] {
  const checked = new Map((verified?.consoles ?? []).map((one) => [one.id, one]));
  return consoles
    .map(({ id, name, access, ops, ahead }) => {
      const report = checked.get(id);
      const { head = null, signed = null, findings = 0 } = report ?? {};
      return { id, name: nameOf(name, id), access, ops, ahead, head, signed, checked: report?.ops ?? null, findings };
    })
    .toSorted(
      (a, b) =>
        Number(b.access === 'own') - Number(a.access === 'own') ||
        b.findings - a.findings ||
        a.name.localeCompare(b.name) ||
        (a.id < b.id ? -1 : 1),
    );
}

/** A console's name without what could make it read as another; its id when nothing is left. */
function nameOf(name: string, id: string): string {
  return oneLine(name, 80) || id;
}

/** Names of consoles by id. */
export function consoleNames(record: RecordView): (id: string) => string {
  const names = new Map(record.consoles.map(({ id, name }) => [id, nameOf(name, id)]));
  return (id) => names.get(id) ?? id;
}

/** Ops that were kept out for one reason: of one console, brought by one origin. */
export interface KeptGroup {
  key: string;
  console: string;
  origin: string;
  reason: string;
  /** Types of the ops, in the order in which they were first seen. */
  types: string[];
  count: number;
  /** Sequence numbers; 0 when none was given. */
  first: number;
  last: number;
  /** When the newest of them came, ms. */
  arrived: number;
}

/** What was kept out, told once per console, origin and reason; the newest first. */
export function keptGroups(newest: readonly QuarantineView[]): KeptGroup[] {
  const groups = new Map<string, KeptGroup>();
  for (const { console, origin, reason, type, seq, arrived } of newest) {
    const key = JSON.stringify([console, origin, reason]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { key, console, origin, reason, types: [type], count: 1, first: seq, last: seq, arrived });
    else {
      if (!group.types.includes(type)) group.types.push(type);
      group.count += 1;
      group.first = Math.min(group.first, seq);
      group.last = Math.max(group.last, seq);
      group.arrived = Math.max(group.arrived, arrived);
    }
  }
  return [...groups.values()].toSorted((a, b) => b.arrived - a.arrived);
}

export const ACCESS_WORDS: Record<ConsoleLine['access'], string> = {
  own: 'this console',
  enrolled: 'enrolled',
  revoked: 'revoked',
  stranger: 'not enrolled',
};

/** Clocks that differ by more are told from those that merely are not the same, ms. */
const CLOCK_OFF = 5 * MINUTE;

/** How another console's clock stood against this one's when its newest ops arrived. */
export function clockWords({ access, ahead }: ConsoleLine): { words: string; off: boolean } {
  if (access === 'own') return { words: '–', off: false };
  if (ahead < SECOND) return { words: 'not ahead', off: false };
  if (ahead < MINUTE) return { words: `${formatDuration(ahead)} ahead`, off: false };
  return { words: `clock off by ${formatDuration(ahead)} ahead`, off: ahead >= CLOCK_OFF };
}

const REASONS: Record<string, string> = {
  scheduled: 'on schedule',
  'by-hand': 'by hand',
  'before-migration': 'before an upgrade',
  'before-restore': 'before a restoration',
  'before-import': 'before an import',
  'before-encryption': 'before it was encrypted or decrypted',
  'at-close': 'at closing',
};

export const reasonWords = ({ reason }: Pick<BackupView, 'reason'>): string =>
  lookUp(REASONS, reason) ?? oneLine(reason, 60);

/** "12 MB", "980 kB"; 1,000 bytes are a kilobyte. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} ${units[step]}`;
}

/** How often a backup can be made, minutes, as a person picks it. */
export const PERIODS: readonly { minutes: number; words: string }[] = [
  { minutes: 5, words: 'every 5 minutes' },
  { minutes: 15, words: 'every 15 minutes' },
  { minutes: 30, words: 'every 30 minutes' },
  { minutes: 60, words: 'every hour' },
  { minutes: 240, words: 'every 4 hours' },
  { minutes: 720, words: 'every 12 hours' },
  { minutes: 1440, words: 'every day' },
  { minutes: 10_080, words: 'every week' },
  { minutes: 0, words: 'never by itself' },
];

export function periodWords(minutes: number): string {
  return PERIODS.find((period) => period.minutes === minutes)?.words ?? `every ${count(minutes, 'minute')}`;
}

/** "1.2 s", "840 ms", "2 min": how long something took. */
export function took(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  return ms < MINUTE ? `${(ms / SECOND).toFixed(1)} s` : formatDuration(ms);
}
