/**
 * What probably started it, each candidate with its reasons. Invariant: a suggestion explains itself and a person decides:
 * what somebody confirmed or ruled out is told with their name and reason, and the ranking beside it stays what it was.
 */
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { CauseReason, Causes as CausesView, CauseView, CauseVerdict } from '../../../shared/contract/cause.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { HEALTH_WORDS } from '../../ui/words.ts';
import styles from './Causes.module.css';

export const LEAD_WORDS: Record<CauseView['lead'], string> = {
  clear: 'clear',
  likely: 'likely',
  open: 'possible',
};

export interface CausesProps {
  /** Causes of what this incident affects; of all that is sick now without it. */
  incident?: string;
  limit?: number;
  /** IANA zone; headquarters' when absent. */
  zone?: string;
  /** Asks why, and writes it down. Without it nothing can be judged here. */
  onJudge?(candidate: CauseView, verdict: CauseVerdict): void;
}

/** The ranked list. Enter shows a candidate's reasons, `m` shows it on the map, `y` confirms, `n` rules out, `o` takes back. */
export function Causes({ incident, limit = 4, zone, onJudge }: CausesProps) {
  const { value, error } = useQuery('cause', { limit, ...(incident === undefined ? {} : { incident }) }, [
    'health',
    'changes',
    'estate',
    'incidents',
  ]);
  if (value === undefined) return <ErrorLine error={error} />;
  return (
    <>
      <CauseList causes={value} zone={zone} onJudge={onJudge} />
      {error !== null && <ErrorLine error={`This is what was last read; reading it again failed: ${error.message}`} />}
    </>
  );
}

function CauseList({ causes, zone, onJudge }: { causes: CausesView } & Pick<CausesProps, 'zone' | 'onJudge'>) {
  const go = useNavigation((state) => state.go);
  const [chosen, setOpen] = useState<string | null | undefined>(undefined);
  const { candidates, summary } = causes;
  // The first explains itself without being asked.
  const open = chosen === undefined ? candidates[0]?.service.id : chosen;
  const toMap = ({ service }: CauseView): void => go('map', { service: service.id });
  return (
    <div className={styles.causes}>
      <p className={styles.summary}>{summary}</p>
      <List
        label="Probable causes"
        items={candidates}
        keyOf={({ service }) => service.id}
        rowClassName={styles.row}
        onKey={(key, candidate) => {
          const { id } = candidate.service;
          if (key === 'Enter') setOpen(open === id ? null : id);
          else if (key === 'm') toMap(candidate);
          else if (key === 'y' && onJudge) onJudge(candidate, 'confirmed');
          else if (key === 'n' && onJudge) onJudge(candidate, 'ruled-out');
          else if (key === 'o' && onJudge && candidate.judgement) onJudge(candidate, 'open');
          else return false;
          return true;
        }}
        render={(candidate, active) => (
          <Candidate
            candidate={candidate}
            another={
              candidate.fault > 1 &&
              candidates.findIndex(({ fault }) => fault === candidate.fault) === candidate.rank - 1
            }
            zone={zone}
            open={candidate.service.id === open}
            onToggle={() => setOpen(candidate.service.id === open ? null : candidate.service.id)}
            actions={
              active || candidate.service.id === open ? (
                <Actions candidate={candidate} onMap={() => toMap(candidate)} onJudge={onJudge} />
              ) : null
            }
          />
        )}
      />
    </div>
  );
}

function Actions({
  candidate,
  onMap,
  onJudge,
}: {
  candidate: CauseView;
  onMap(): void;
  onJudge?: CausesProps['onJudge'];
}) {
  const { judgement } = candidate;
  return (
    <div className={styles.actions}>
      {onJudge && judgement?.verdict !== 'confirmed' && (
        <Button tabIndex={-1} keys="y" onClick={() => onJudge(candidate, 'confirmed')}>
          Confirm
        </Button>
      )}
      {onJudge && judgement?.verdict !== 'ruled-out' && (
        <Button tabIndex={-1} variant="quiet" keys="n" onClick={() => onJudge(candidate, 'ruled-out')}>
          Rule out
        </Button>
      )}
      {onJudge && judgement && (
        <Button tabIndex={-1} variant="quiet" keys="o" onClick={() => onJudge(candidate, 'open')}>
          Take back
        </Button>
      )}
      <Button tabIndex={-1} variant="quiet" keys="m" onClick={onMap}>
        Map
      </Button>
    </div>
  );
}

function Candidate({
  candidate,
  another,
  zone,
  open,
  onToggle,
  actions,
}: {
  candidate: CauseView;
  another: boolean;
  zone?: string;
  open: boolean;
  onToggle(): void;
  actions: ReactNode;
}) {
  const { rank, service, weighed, health, lead, share, judgement, change, reasons } = candidate;
  const first = change === null ? reasons[0] : reasons.find(({ kind }) => kind === 'changed');
  return (
    <div data-verdict={judgement?.verdict}>
      {another && <p className={styles.another}>Another fault, it seems</p>}
      <button type="button" tabIndex={-1} className={styles.head} aria-expanded={open} onClick={onToggle}>
        <span className={styles.rank}>{rank}</span>
        <HealthMark health={weighed} word={false} />
        <strong className={styles.name}>{service.name}</strong>
        <span className={styles.quiet}>
          {judgement === null ? LEAD_WORDS[lead] : ''} · explains {Math.round(share * 100)} %
        </span>
      </button>
      {judgement !== null && (
        <p className={styles.judgement}>
          {judgement.verdict === 'confirmed' ? (
            <Check size={14} aria-hidden="true" />
          ) : (
            <X size={14} aria-hidden="true" />
          )}
          <span>
            <strong>{judgement.verdict === 'confirmed' ? 'Confirmed' : 'Ruled out'}</strong> by {judgement.by.name}{' '}
            <TimeText at={judgement.at} zone={zone} />
            {judgement.reason !== null && <>: {judgement.reason}</>}
            {judgement.contested && <> (others say otherwise)</>}
          </span>
        </p>
      )}
      {weighed !== health.health && (
        <p className={styles.note}>
          weighed as {HEALTH_WORDS[weighed]}, as it was; now {HEALTH_WORDS[health.health]}
        </p>
      )}
      {open ? <Reasons reasons={reasons} /> : first && <p className={styles.note}>{first.text}</p>}
      {actions}
    </div>
  );
}

/** Reasons for it and against it, with their points. */
function Reasons({ reasons }: { reasons: readonly CauseReason[] }) {
  return (
    <ul className={styles.reasons} aria-label="Reasons">
      {reasons.map(({ kind, points, text }, index) => (
        <li key={`${kind} ${index}`} className={styles.reason}>
          <span className={styles.points} title="points: ten more are ten to one">
            {Math.abs(points) < 0.5 ? '·' : `${points > 0 ? '+' : '−'}${Math.round(Math.abs(points))}`}
          </span>
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
