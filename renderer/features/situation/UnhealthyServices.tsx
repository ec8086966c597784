/** The technical side: how many services are in which health, and the ones that are not well, worst first. */
import type { Situation } from '../../../shared/contract/console.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { formatDuration, formatWhen } from '../../../shared/domain/times.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { HEALTH_ORDER, HEALTH_WORDS } from '../../ui/words.ts';
import styles from './UnhealthyServices.module.css';

type Unhealthy = Situation['unhealthy'][number];

export function UnhealthyServices({
  services,
  unhealthy,
  asOf,
}: {
  services: Situation['services'];
  unhealthy: readonly Unhealthy[];
  asOf: number;
}) {
  const go = useNavigation((state) => state.go);
  const zone = useZone();
  const now = useNow();
  const inMaintenance = services.inMaintenance ?? 0;
  const notHealthy = services.total - services.byHealth.healthy - inMaintenance;
  const declare = (service: Unhealthy): void =>
    openDeclare({ title: `${service.name} ${HEALTH_WORDS[service.health as Health]}`, services: [service.id] });
  return (
    <Panel
      className={styles.panel}
      title="Services"
      note={
        <span className={styles.counts}>
          {HEALTH_ORDER.filter((health) => services.byHealth[health] > 0).map((health) => (
            <span key={health} className={styles.count}>
              <HealthMark health={health} word={false} />
              {services.byHealth[health].toLocaleString('en')}{' '}
              <span className={styles.countWord}>{HEALTH_WORDS[health]}</span>
            </span>
          ))}
          {inMaintenance > 0 && <span className={styles.count}>{inMaintenance} in maintenance</span>}
        </span>
      }
    >
      <List
        label="Services that are not healthy"
        items={unhealthy}
        keyOf={({ id }) => id}
        glow
        onOpen={(service) => go('map', { service: service.id })}
        onKey={(key, service) => {
          if (key !== 'd') return false;
          declare(service);
          return true;
        }}
        render={(service, active) => (
          <div className={styles.row}>
            <HealthMark health={service.health as Health} word={false} />
            <span className={styles.name} title={service.name}>
              {service.name}
            </span>
            <span className={styles.tier}>{service.tier === null ? '' : `tier ${service.tier}`}</span>
            <span className={styles.reason} title={service.reason}>
              {service.reason}
            </span>
            <span
              className={styles.since}
              data-unknown={service.health === 'unknown' || undefined}
              title={
                service.since === null
                  ? 'Never heard of'
                  : `${HEALTH_WORDS[service.health as Health]} since ${formatWhen(service.since, zone, now)}`
              }
            >
              {service.since === null ? 'never' : formatDuration(Math.max(0, now - service.since))}
            </span>
            <Button
              variant="quiet"
              className={styles.declare}
              tabIndex={active ? 0 : -1}
              onClick={() => declare(service)}
            >
              Declare
            </Button>
          </div>
        )}
        empty={
          services.total === 0 ? (
            <EmptyState
              title="No services are known."
              text="They come with the catalog."
              action={<Button onClick={() => go('estate', { do: 'import' })}>Import catalog</Button>}
            />
          ) : (
            <p className={styles.all}>
              All {services.total.toLocaleString('en')} services are healthy as of{' '}
              {formatWhen(asOf, zone, now, { seconds: true })}.
            </p>
          )
        }
      />
      {notHealthy > unhealthy.length && (
        <button type="button" className={styles.more} onClick={() => go('map')}>
          {(notHealthy - unhealthy.length).toLocaleString('en')} more on the map
        </button>
      )}
    </Panel>
  );
}
