/** Contested facts, side by side, until somebody keeps one. Until then the safer one counts, and the line says which. */
import { Split } from 'lucide-react';
import { useState } from 'react';
import type { ConflictView } from '../../../shared/contract/incident.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { fieldName, settle } from './act.ts';
import styles from './Conflicts.module.css';
import { useRoom } from './room.ts';

export function Conflicts() {
  const { incident, personName } = useRoom();
  if (incident.conflictList.length === 0) return null;
  return (
    <section className={styles.band} aria-label="Conflicts">
      {incident.conflictList.map((conflict) => (
        <Conflict
          key={conflict.field}
          conflict={conflict}
          say={(value) => (value === null ? 'nobody' : conflict.field.startsWith('role:') ? personName(value) : value)}
          inForce={inForce(conflict.field, incident)}
        />
      ))}
    </section>
  );
}

function inForce(field: string, incident: ReturnType<typeof useRoom>['incident']): string | null {
  if (field === 'severity') return incident.severity;
  if (field === 'status') return incident.status;
  const conflict = incident.conflictList.find((one) => one.field === field);
  if (field === 'response') return conflict?.heads[0]?.value ?? null;
  if (field.startsWith('cause:')) return conflict?.heads[0]?.value ?? null;
  return incident.roles.find(({ role }) => field === `role:${role}`)?.person?.id ?? null;
}

/** One contested field. `say` turns a stored value into words; `run` is set for a step of a runbook. */
export function Conflict({
  conflict,
  say,
  inForce: current,
  run,
}: {
  conflict: ConflictView;
  say(value: string | null): string;
  inForce: string | null;
  run?: string;
}) {
  const { incident, zone } = useRoom();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  return (
    <div className={styles.conflict}>
      <p className={styles.what}>
        <Split size={16} aria-hidden="true" />
        <strong>Two answers: {fieldName(conflict.field)}</strong>{' '}
        <span className={styles.quiet}>{say(current)} counts until one is kept</span>
        {run === undefined && <Kbd keys="c" />}
      </p>
      <ul className={styles.heads}>
        {conflict.heads.map((head, index) => (
          <li key={head.op} className={styles.head}>
            <Button
              data-conflict={index === 0 || undefined}
              busy={busy === head.op}
              onClick={async () => {
                setBusy(head.op);
                setError(null);
                const reply = await settle(incident.id, conflict, head, say, run);
                setBusy(null);
                if (!reply.ok) setError(reply.message);
              }}
            >
              Keep {say(head.value)}
            </Button>
            <span className={styles.by}>
              {head.by}, <TimeText at={head.at} zone={zone} />
              {head.reason !== null && <>: {head.reason}</>}
            </span>
          </li>
        ))}
      </ul>
      <ErrorLine error={error} />
    </div>
  );
}
