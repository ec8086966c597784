/**
 * One line of a timeline. Invariant: drawn again only when what it shows changes, because a scrolled list asks for it at
 * every frame.
 */
import {
  Eraser,
  Flag,
  GitCommitHorizontal,
  KeyRound,
  ListChecks,
  Megaphone,
  MessageCircleQuestion,
  Paperclip,
  Pencil,
  Stamp,
  StickyNote,
  UserRound,
  Zap,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { memo } from 'react';
import type { EntryView } from '../../../shared/contract/incident.ts';
import { entryKind, hasOwnWords, type EntryKind } from '../../../shared/domain/timeline.ts';
import { formatTime, formatWhen, MINUTE, offset } from '../../../shared/domain/times.ts';
import { Button } from '../../ui/Button.tsx';
import { classes } from '../../ui/classes.ts';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { Attachment } from '../evidence/Attachment.tsx';
import styles from './Entry.module.css';
import { Prose } from './Prose.tsx';

const ICONS: Record<EntryKind, LucideIcon | null> = {
  note: StickyNote,
  decision: Stamp,
  ask: MessageCircleQuestion,
  step: ListChecks,
  action: Zap,
  cleanup: Eraser,
  update: Megaphone,
  state: Flag,
  role: UserRound,
  health: null,
  change: GitCommitHorizontal,
  access: KeyRound,
  correction: Pencil,
};

const WORDS: Record<EntryKind, string> = {
  note: 'note',
  decision: 'decision',
  ask: 'ask',
  action: 'action',
  step: 'plan',
  cleanup: 'cleanup',
  update: 'update',
  state: 'state',
  role: 'role',
  health: 'health',
  change: 'change',
  access: 'access',
  correction: 'correction',
};

/** Kinds whose word is shown; the lines of the others begin with a word that says it. */
const TOLD: ReadonlySet<EntryKind> = new Set(['decision', 'health']);

/** Differences below this are how long typing takes, not a later entry, ms. */
const LATE = MINUTE;

/** Whether an entry can be set right: it was written into this incident. */
export function correctable(entry: EntryView): boolean {
  const kind = entryKind(entry.type);
  return kind !== 'health' && kind !== 'change' && kind !== 'correction';
}

/** More than this and an entry is folded until somebody wants to read it. */
const FOLD_LINES = 8;
const FOLD_LETTERS = 700;

function EntryLines({
  incident,
  entry,
  zone,
  now,
  fresh,
  whole,
  onCorrect,
  onToggle,
}: {
  /** Null in a foreign record, whose files are elsewhere. */
  incident: string | null;
  entry: EntryView;
  zone: string;
  now: number;
  fresh: boolean;
  whole: boolean;
  onCorrect(entry: EntryView): void;
  onToggle(id: string): void;
}) {
  const kind = entryKind(entry.type);
  const Icon = entry.type === 'entry.evidence' ? Paperclip : ICONS[kind];
  const own = hasOwnWords(entry.type);
  const text = entry.text ?? '';
  const long = text.length > FOLD_LETTERS || text.split('\n').length > FOLD_LINES;
  const late = entry.enteredAt - entry.eventTime >= LATE || entry.eventTime - entry.enteredAt >= LATE;
  const arrivedLate = entry.arrivedAt - entry.enteredAt >= LATE;
  const clockAhead = entry.enteredAt - entry.arrivedAt >= LATE;
  const elsewhere = kind !== 'health' && offset(entry.eventTime, entry.zone) !== offset(entry.eventTime, zone);
  const by = (
    <span className={styles.by}>
      {late ? (
        <span className={styles.late}>
          entered {formatWhen(entry.enteredAt, zone, now)} by {entry.actor.name}
        </span>
      ) : (
        kind !== 'health' && entry.actor.name
      )}
      {elsewhere && <span>, {formatTime(entry.eventTime, entry.zone)} there</span>}
      {arrivedLate && <span>, arrived here {formatWhen(entry.arrivedAt, zone, now)}</span>}
      {clockAhead && (
        <span className={styles.late}>
          , arrived here {formatWhen(entry.arrivedAt, zone, now)}: the clock there was ahead
        </span>
      )}
    </span>
  );
  return (
    <div
      className={classes(styles.entry, fresh && styles.fresh)}
      data-kind={kind}
      data-health={entry.health ?? undefined}
      data-taken-back={entry.takenBack ? '' : undefined}
    >
      <time
        className={styles.time}
        dateTime={new Date(entry.eventTime).toISOString()}
        title={`${formatWhen(entry.eventTime, zone, now, { seconds: true })}, for the author ${formatTime(entry.eventTime, entry.zone)}`}
      >
        {formatTime(entry.eventTime, zone, { zoned: false })}
      </time>
      <span className={styles.icon}>
        {entry.health !== null ? <HealthShape health={entry.health} /> : Icon && <Icon size={14} aria-hidden="true" />}
      </span>
      <div className={styles.content}>
        <div className={classes(styles.words, long && !whole && styles.folded)}>
          <span className={TOLD.has(kind) ? styles.kind : 'visually-hidden'}>{WORDS[kind]} </span>
          {own ? <Prose text={text || entry.summary} /> : <span className={styles.summary}>{entry.summary}</span>}
          {!long && by}
          {!own && text !== '' && (
            <div className={styles.reason}>
              <Prose text={text} />
            </div>
          )}
        </div>
        {entry.type === 'entry.evidence' && !entry.takenBack && incident !== null && (
          <Attachment incident={incident} entry={entry.id} />
        )}
        {long && (
          <p className={styles.below}>
            {by}
            <button type="button" className={styles.unfold} aria-expanded={whole} onClick={() => onToggle(entry.id)}>
              {whole ? 'Show less' : 'Show all'}
            </button>
          </p>
        )}
        {entry.takenBack && (
          <p className={styles.correction}>
            taken back {formatWhen(entry.takenBack.at, zone, now)} by {entry.takenBack.by.name}
          </p>
        )}
        {entry.correction !== null && (
          <p className={styles.correction}>
            corrected {formatWhen(entry.correction.at, zone, now)} by {entry.correction.by.name}
            {entry.correction.reason !== null && ` (${entry.correction.reason})`}
            {entry.correction.eventTimeWas !== null && (
              <>; was at {formatWhen(entry.correction.eventTimeWas, zone, now)}</>
            )}
            {entry.correction.textWas !== null && (
              <>
                ; said <del>{entry.correction.textWas}</del>
              </>
            )}
          </p>
        )}
      </div>
      {correctable(entry) && (
        <Button variant="quiet" keys="e" tabIndex={-1} className={styles.correct} onClick={() => onCorrect(entry)}>
          Correct
        </Button>
      )}
    </div>
  );
}

export const Entry = memo(EntryLines);
