/** What is being done by the book, what could be started, and how the things that are hurt are doing. */
import { useState } from 'react';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { call } from '../../bridge/client.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { HEALTH_ORDER, HEALTH_WORDS } from '../../ui/words.ts';
import { Actions } from '../actions/Actions.tsx';
import { Governance } from '../governance/Governance.tsx';
import { IncidentImpactPart } from '../impact/IncidentMoney.tsx';
import { Causes } from '../cause/Causes.tsx';
import { Cleanup } from '../cleanup/Cleanup.tsx';
import { EvidencePart } from '../evidence/EvidencePart.tsx';
import { Degraded } from '../degraded/Degraded.tsx';
import { Restriction } from '../restricted/Restriction.tsx';
import { Restoration } from '../restoration/Restoration.tsx';
import { Run } from '../runs/Run.tsx';
import { Column } from './Column.tsx';
import styles from './Plan.module.css';
import { useRoom } from './room.ts';

/** Age after which a confirmed health is drawn as stale, ms; the engine itself turns it to unknown at its own limit. */
const STALE = 5 * 60_000;

export function Plan() {
  const { incident, write, open } = useRoom();
  const { runs, suggestedRunbooks, status } = incident;
  const live = !isOver(status);
  return (
    <Column
      title="Plan"
      jump="3"
      actions={
        live ? (
          <Button variant="quiet" onClick={() => write('/run ')}>
            Start a runbook
          </Button>
        ) : undefined
      }
    >
      {incident.health.length > 0 && <Hurt incident={incident} />}
      {runs.map((run) => (
        <Run key={run.id} run={run} />
      ))}
      {live && runs.length === 0 && suggestedRunbooks.length > 0 && <Suggested list={suggestedRunbooks} />}
      {incident.foreign ? null : <Restriction incident={incident} />}
      {incident.foreign ? null : <Governance incident={incident} />}
      {incident.foreign ? null : <Actions incident={incident} />}
      {incident.foreign ? null : <ProbableCause incident={incident} />}
      {incident.foreign ? null : <Restoration incident={incident} />}
      {incident.foreign ? null : <Degraded incident={incident} />}
      {incident.foreign ? null : <Cleanup incident={incident} />}
      {live && runs.length > 0 && suggestedRunbooks.length > 0 && <Suggested list={suggestedRunbooks} />}
      {runs.length === 0 && suggestedRunbooks.length === 0 && (
        <EmptyState
          title="No runbook is running."
          text={live ? 'None of the library’s matches what is hurt here. Any of them can be started.' : undefined}
          action={live ? <Button onClick={() => write('/run ')}>Start a runbook</Button> : undefined}
        />
      )}
      <IncidentImpactPart incident={incident.id} />
      {incident.foreign ? null : <EvidencePart incident={incident.id} onOpen={() => open({ ask: 'evidence' })} />}
      <Affected incident={incident} />
    </Column>
  );
}

function ProbableCause({ incident }: { incident: IncidentView }) {
  const { zone, open } = useRoom();
  return (
    <Part label="Probable cause" className={styles.part}>
      <Causes
        incident={incident.id}
        zone={zone}
        onJudge={({ service }, verdict) => open({ ask: 'cause', service, verdict })}
      />
    </Part>
  );
}

function Suggested({ list }: { list: IncidentView['suggestedRunbooks'] }) {
  const { incident } = useRoom();
  const go = useNavigation((state) => state.go);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<{ id: string; message: string } | null>(null);
  const start = async (runbook: string): Promise<void> => {
    setBusy(runbook);
    setError(null);
    const reply = await call('incident.run', { incident: incident.id, runbook });
    setBusy(null);
    if (!reply.ok) setError({ id: runbook, message: reply.message });
  };
  return (
    <Part label="Suggested runbooks" title="Suggested" className={styles.part}>
      <ul>
        {list.map(({ id, title, why }) => (
          <li key={id} className={styles.suggestion}>
            <div className={styles.grow}>
              <button type="button" className={styles.link} onClick={() => go('runbooks', { runbook: id })}>
                {title}
              </button>
              <p className={styles.quiet}>{why}</p>
            </div>
            <Button busy={busy === id} onClick={() => void start(id)}>
              Start
            </Button>
            {error?.id === id && <ErrorLine error={error.message} />}
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** How many of what is affected are how well, above the fold; leads to the list. */
function Hurt({ incident }: { incident: IncidentView }) {
  const counts = HEALTH_ORDER.map((health) => ({
    health,
    count: incident.health.filter((one) => one.health.health === health).length,
  })).filter(({ count }) => count > 0);
  return (
    <button
      type="button"
      className={styles.hurt}
      title="Show what is affected"
      onClick={() => document.getElementById(AFFECTED)?.scrollIntoView()}
    >
      <span className={styles.quiet}>Affected</span>
      {counts.map(({ health, count }) => (
        <span key={health} className={styles.hurtCount}>
          {count} <HealthMark health={health} />
        </span>
      ))}
    </button>
  );
}

const AFFECTED = 'affected';

function Affected({ incident }: { incident: IncidentView }) {
  const { zone, write } = useRoom();
  const go = useNavigation((state) => state.go);
  const services = incident.health.toSorted(
    (a, b) => HEALTH_ORDER.indexOf(a.health.health) - HEALTH_ORDER.indexOf(b.health.health),
  );
  return (
    <Part
      label="Affected"
      aside={
        <Button variant="quiet" onClick={() => write('/affect ')}>
          Add
        </Button>
      }
      id={AFFECTED}
      className={styles.part}
    >
      {incident.businessServices.length > 0 && (
        <p className={styles.business}>{incident.businessServices.map(({ name }) => name).join(', ')}</p>
      )}
      <List
        label="Affected services"
        items={services}
        keyOf={({ id }) => id}
        rowClassName={styles.service}
        onOpen={({ id }) => go('map', { service: id })}
        empty={<p className={styles.none}>No service is named yet.</p>}
        render={({ name, health }) => (
          <>
            <p className={styles.serviceLine}>
              <HealthMark health={health.health} />
              <strong className={styles.grow}>{name}</strong>
              <Age at={health.observedAt} limit={STALE} />
            </p>
            <p className={styles.quiet}>
              {health.health === 'unknown' && health.since !== null && (
                <>
                  unknown since <TimeText at={health.since} zone={zone} />
                  {health.last !== null && <>, last {HEALTH_WORDS[health.last]}</>}.{' '}
                </>
              )}
              {health.reason}
              {health.source !== null && <> ({health.source})</>}
            </p>
          </>
        )}
      />
    </Part>
  );
}
