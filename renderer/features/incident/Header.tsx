/** Says what it is, how bad, how far, how long, and who has which role. Each of these is changed where it stands. */
import { ChevronRight } from 'lucide-react';
import { isOver, STATUSES } from '../../../shared/domain/orders.ts';
import type { Role, Status } from '../../../shared/domain/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Disputed } from '../../ui/Disputed.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { Duration, TimeText } from '../../ui/TimeText.tsx';
import { ROLE_WORDS, STATUS_WORDS } from '../../ui/words.ts';
import { HeaderMoney } from '../impact/IncidentMoney.tsx';
import { RestrictedMark } from '../restricted/Mark.tsx';
import styles from './Header.module.css';
import { useRoom } from './room.ts';

/** The roles stand in one line. */
const SHORT: Record<Role, string> = {
  commander: 'Commander',
  deputy: 'Deputy',
  communications: 'Comms',
  operations: 'Ops',
  scribe: 'Scribe',
  'subject-expert': 'Expert',
  'executive-liaison': 'Exec',
  'business-owner': 'Business',
  'store-liaison': 'Stores',
  governance: 'Governance',
};

export function Header({ onState, onExport }: { onState(status: Status): void; onExport(): void }) {
  const { incident, zone, open, write } = useRoom();
  const place = STATUSES.indexOf(incident.status);
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.plain}
          aria-label={`${[incident.severity, ...(incident.disputed?.severity ?? [])].join(' or ')}${incident.disputed?.severity ? '?' : ''}, change the severity`}
          title="Change the severity (V)"
          onClick={() => open({ ask: 'severity', severity: null })}
        >
          <SeverityMark severity={incident.severity} /> <Disputed others={incident.disputed?.severity ?? []} />
        </button>
        <h2 className={styles.title}>
          <span className={styles.label}>{incident.label}</span>{' '}
          <button
            type="button"
            className={styles.plain}
            title={incident.title}
            aria-label={`${incident.title}, change the title`}
            onClick={() => write(`/title ${incident.title}`)}
          >
            {incident.title}
          </button>
        </h2>
        {incident.restricted && <RestrictedMark />}
        <p className={styles.elapsed}>
          <span className={styles.figure}>
            <Duration from={incident.startedAt} to={incident.resolvedAt} running={incident.resolvedAt === null} />
          </span>
          <button
            type="button"
            className={styles.since}
            title="Correct when it began"
            onClick={() => write('/started ')}
          >
            since <TimeText at={incident.startedAt} zone={zone} />
          </button>
          {incident.resolvedAt !== null && (
            <span className={styles.since}>
              resolved <TimeText at={incident.resolvedAt} zone={zone} />
              {incident.closedAt != null && (
                <>
                  , closed <TimeText at={incident.closedAt} zone={zone} />
                </>
              )}
            </span>
          )}
        </p>
        <HeaderMoney incident={incident.id} />
        <Button variant="quiet" keys="x" onClick={onExport}>
          Export
        </Button>
      </div>
      <div className={styles.line}>
        <ol className={styles.states} aria-label="State">
          {STATUSES.map((status, index) => (
            <li key={status} className={styles.step}>
              {index > 0 && <ChevronRight size={14} aria-hidden="true" className={styles.arrow} />}
              <button
                type="button"
                className={styles.state}
                aria-current={index === place ? 'step' : undefined}
                onClick={() => {
                  if (index !== place) onState(status);
                }}
              >
                {STATUS_WORDS[status]}
                {index === place && (
                  <Disputed others={(incident.disputed?.status ?? []).map((other) => STATUS_WORDS[other])} />
                )}
                {index === place + 1 && <Kbd keys="." />}
              </button>
            </li>
          ))}
        </ol>
        <Roles />
      </div>
    </header>
  );
}

/** Roles that stand in the header before the others are only counted. */
const MOST_ROLES = 7;

/** Who has which role, and which required ones nobody has; all others stand behind one key. */
function Roles() {
  const { incident, open } = useRoom();
  const { required } = incident;
  const shown = incident.roles
    .filter(({ role, person }) => person !== null || required.includes(role))
    .toSorted((a, b) => Number(required.includes(b.role)) - Number(required.includes(a.role)))
    .slice(0, MOST_ROLES);
  const others = incident.roles.length - shown.length;
  return (
    <ul className={styles.roles} aria-label="Roles">
      {shown.map(({ role, person, subject }) => (
        <li key={`${role} ${person?.id ?? ''}`}>
          <button
            type="button"
            className={styles.role}
            data-missing={(role === 'commander' && person === null && !isOver(incident.status)) || undefined}
            title={`${ROLE_WORDS[role]}${subject === undefined ? '' : ` for ${subject}`}: ${person === null ? 'nobody, assign' : person.name} (R)`}
            onClick={() => open({ ask: 'role', role })}
          >
            <span className={styles.roleName}>{SHORT[role]}</span>{' '}
            <span className={styles.holder}>{person?.name ?? '–'}</span>
            {role === 'commander' && (
              <Disputed others={(incident.disputed?.commander ?? []).map((one) => one?.name ?? 'nobody')} />
            )}
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={styles.role}
          title="Assign a role"
          onClick={() => open({ ask: 'role', role: null })}
        >
          {others > 0 && <span className={styles.roleName}>{others} more</span>} <Kbd keys="r" />
        </button>
      </li>
    </ul>
  );
}
