/** Every open incident in one line: how bad, what, how long, who commands, what is overdue. */
import { Split } from 'lucide-react';
import type { CurrencyTotal } from '../../../shared/contract/impact.ts';
import type { IncidentLite } from '../../../shared/contract/incident.ts';
import type { RestrictedOutside } from '../../../shared/contract/restricted.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { Disputed } from '../../ui/Disputed.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { Duration } from '../../ui/TimeText.tsx';
import { STATUS_WORDS } from '../../ui/words.ts';
import { MoneyRate, MoneySoFar } from '../impact/Money.tsx';
import { RestrictedMark } from '../restricted/Mark.tsx';
import { Outside } from '../restricted/Outside.tsx';
import styles from './Incidents.module.css';

export interface IncidentsProps {
  incidents: readonly IncidentLite[];
  /** What each has cost, by currency; empty until it was asked. */
  costs: ReadonlyMap<string, readonly CurrencyTotal[]>;
  /** Those that run and that whoever sits here may not read. */
  outside?: RestrictedOutside | undefined;
}

export function Incidents({ incidents, costs, outside }: IncidentsProps) {
  const go = useNavigation((state) => state.go);
  return (
    <section className={styles.incidents} aria-label="Open incidents">
      <List
        label="Open incidents"
        items={incidents}
        keyOf={({ id }) => id}
        main
        glow
        onOpen={({ id }) => go('incident', { incident: id })}
        render={(incident) => <Row incident={incident} costs={costs.get(incident.id) ?? []} />}
        empty={
          <div className={styles.none}>
            <span>No incident is open.</span>
            <Button keys="mod+shift+i" onClick={() => openDeclare()}>
              Declare an incident
            </Button>
          </div>
        }
      />
      {outside !== undefined && <Outside {...outside} />}
    </section>
  );
}

function Row({ incident, costs }: { incident: IncidentLite; costs: readonly CurrencyTotal[] }) {
  const hurt = incident.businessServices.length > 0 ? incident.businessServices : incident.services;
  return (
    <div className={styles.row}>
      <span className={styles.severity}>
        <SeverityMark severity={incident.severity} />
        {incident.disputed?.severity && (
          <span className={styles.or} title={`Contested: somebody said ${incident.disputed.severity.join(', ')}`}>
            or {incident.disputed.severity[0]}?
          </span>
        )}
      </span>
      <span className={styles.label}>{incident.label}</span>
      <span className={styles.title} title={incident.title}>
        {incident.restricted && (
          <>
            <RestrictedMark />{' '}
          </>
        )}
        {incident.title}
      </span>
      <span className={styles.hurt}>{summary(hurt.map(({ name }) => name))}</span>
      <span className={styles.cost}>
        {costs.slice(0, 1).map(({ currency, perMinute, soFar }) => (
          <span key={currency} className={styles.costs}>
            <MoneyRate rate={perMinute} short />
            <span className={styles.quiet}>
              <MoneySoFar sum={soFar} short /> so far
            </span>
          </span>
        ))}
      </span>
      <span className={styles.trouble}>
        {incident.conflicts > 0 && <b>{incident.conflicts === 1 ? '1 conflict' : `${incident.conflicts} conflicts`}</b>}
        {incident.overdueAsks > 0 && (
          <b>{incident.overdueAsks === 1 ? '1 ask overdue' : `${incident.overdueAsks} asks overdue`}</b>
        )}
        {incident.overdueAsks === 0 && incident.openAsks > 0 && (
          <span className={styles.quiet}>{incident.openAsks === 1 ? '1 ask' : `${incident.openAsks} asks`}</span>
        )}
      </span>
      <span className={styles.status}>
        {STATUS_WORDS[incident.status]}
        <Disputed others={(incident.disputed?.status ?? []).map((status) => STATUS_WORDS[status])} />
      </span>
      <span className={styles.time}>
        <Duration from={incident.startedAt} />
      </span>
      {incident.disputed?.commander ? (
        <span
          className={styles.nobody}
          title={[incident.commander, ...incident.disputed.commander].map((one) => one?.name ?? 'nobody').join(' or ')}
        >
          <Split size={14} aria-hidden="true" />
          {incident.disputed.commander.includes(null) || incident.commander === null
            ? 'commander contested'
            : `${incident.disputed.commander.length + 1} command`}
        </span>
      ) : incident.commander === null ? (
        <span className={styles.nobody}>
          <HealthShape health="degraded" />
          nobody commands
        </span>
      ) : (
        <span className={styles.commander}>
          <abbr className={styles.quiet} title="Incident commander">
            IC
          </abbr>{' '}
          {incident.commander.name}
        </span>
      )}
    </div>
  );
}

/** "Checkout, Click & collect +3". */
export function summary(names: readonly string[], shown = 2): string {
  const rest = names.length - shown;
  return names.slice(0, shown).join(', ') + (rest > 0 ? ` +${rest}` : '');
}
