/** What need not be kept any longer, what a legal hold keeps, and the one decision on each: keep it on, or erase what was sealed. */
import { useState } from 'react';
import type { RetentionLine } from '../../../shared/contract/restricted.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Retention.module.css';

const STATES: Record<RetentionLine['state'], string> = {
  due: '! due',
  held: 'held',
  kept: 'kept on',
  'running-out': 'running',
  erased: 'erased',
};

export function Retention() {
  const go = useNavigation((state) => state.go);
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<{ what: 'keep' | 'erase'; line: RetentionLine } | null>(null);
  const { value, error } = useQuery('retention.list', { all }, ['incidents', 'policies']);
  const lines = value?.lines ?? [];
  const due = lines.filter(({ state }) => state === 'due').length;
  return (
    <section className={styles.retention} aria-label="Retention">
      <div className={styles.bar}>
        <p className={styles.grow}>
          {due === 0 ? 'Nothing is due.' : due === 1 ? '1 incident is due.' : `${due} incidents are due.`} The record is
          never rewritten: what was sealed can be made unreadable, everything else stays.
        </p>
        <Button onClick={() => setAll(!all)}>
          {all ? 'Only what is due or runs out soon' : 'Show all that are closed'}
        </Button>
        <Button onClick={() => go('policies', { policy: 'retention' })}>Policy</Button>
      </div>
      {error !== null && <ErrorLine error={error} />}
      <DataTable
        label="Retention"
        columns={columns((what, line) => setAsked({ what, line }))}
        rows={lines}
        keyOf={({ id }) => id}
        onOpen={({ id }) => go('incident', { incident: id })}
        empty={
          <EmptyState
            title={value === undefined ? 'Reading …' : 'No incident’s time is over.'}
            text={
              value === undefined ? undefined : 'Closed incidents stand here once the policy’s time for them runs out.'
            }
          />
        }
      />
      {asked?.what === 'keep' && (
        <ReasonDialog
          title={`Keep ${asked.line.label} for another year`}
          quote={asked.line.title}
          label="Why it is kept on"
          confirm="Keep it"
          run={(reason) => call('retention.keep', { incident: asked.line.id, reason })}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.what === 'erase' && (
        <ReasonDialog
          title={`Erase what was sealed of ${asked.line.label}`}
          quote="Every console throws its keys away and takes none again. Only an old copy of a member console's whole folder could still open it."
          confirm="Erase it"
          run={(reason) => call('retention.erase', { incident: asked.line.id, reason })}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

/** What is kept for years is told by the day. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function columns(ask: (what: 'keep' | 'erase', line: RetentionLine) => void): readonly Column<RetentionLine>[] {
  return [
    { id: 'label', title: 'Incident', width: '92px', sort: ({ label }) => label, cell: ({ label }) => label },
    {
      id: 'title',
      title: 'What',
      width: 'minmax(160px, 3fr)',
      sort: ({ title }) => title,
      cell: ({ title }) => (
        <span className={styles.cut} title={title}>
          {title}
        </span>
      ),
    },
    {
      id: 'closed',
      title: 'Closed',
      width: '104px',
      sort: ({ closedAt }) => closedAt,
      cell: ({ closedAt }) => <TimeText at={closedAt} />,
    },
    {
      id: 'due',
      title: 'Kept until',
      width: '112px',
      sort: ({ dueAt }) => dueAt,
      cell: ({ dueAt }) => <time dateTime={dayOf(dueAt)}>{dayOf(dueAt)}</time>,
    },
    {
      id: 'state',
      title: 'State',
      width: '72px',
      sort: ({ state }) => state,
      cell: ({ state, holds, kept }) => (
        <span
          className={state === 'due' ? styles.due : undefined}
          title={holds > 0 ? 'A legal hold stands on it' : (kept?.reason ?? undefined)}
        >
          {STATES[state]}
        </span>
      ),
    },
    {
      id: 'rule',
      title: 'Rule',
      width: 'minmax(72px, 1fr)',
      sort: ({ rule }) => rule,
      cell: ({ rule }) => (
        <span className={styles.cut} title={rule}>
          {rule}
        </span>
      ),
    },
    {
      id: 'do',
      title: '',
      width: '128px',
      cell: (line) => (
        <>
          {line.state !== 'erased' && (
            <Button variant="quiet" onClick={() => ask('keep', line)}>
              Keep
            </Button>
          )}
          {line.state === 'due' && line.restricted && (
            <Button variant="quiet" onClick={() => ask('erase', line)}>
              Erase
            </Button>
          )}
        </>
      ),
    },
  ];
}
