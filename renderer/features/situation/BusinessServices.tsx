/** What customers and stores need, worst first, with the services that hurt it. What is healthy folds into one line. */
import { useState } from 'react';
import type { Situation } from '../../../shared/contract/console.ts';
import type { BusinessImpact } from '../../../shared/contract/impact.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { HealthMark, HealthShape } from '../../ui/HealthMark.tsx';
import { HealthNote } from '../../ui/HealthNote.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { HEALTH_WORDS } from '../../ui/words.ts';
import { LossNow } from '../impact/Money.tsx';
import styles from './BusinessServices.module.css';
import { Since } from './Since.tsx';

type BusinessService = Situation['businessServices'][number];

const CAUSES_SHOWN = 3;

export interface BusinessServicesProps {
  services: readonly BusinessService[];
  /** What each loses; null until it was asked. */
  losses: ReadonlyMap<string, BusinessImpact> | null;
  /** The one whose curve is drawn. */
  chosen: string | null;
  onChoose(id: string): void;
}

export function BusinessServices({ services, losses, chosen, onChoose }: BusinessServicesProps) {
  const go = useNavigation((state) => state.go);
  const [unfolded, setUnfolded] = useState<boolean | null>(null);
  // What a person says to be healthy is no quiet health.
  const hurt = services.filter(
    ({ id, health }) => health.health !== 'healthy' || health.byHand || lostNow(losses?.get(id)) >= 1,
  );
  const healthy = services.length - hurt.length;
  const sick = services.filter(({ health }) => health.health !== 'healthy').length;
  const all = unfolded ?? hurt.length === 0;
  const declare = (service: BusinessService): void =>
    openDeclare({
      title: `${service.name} ${HEALTH_WORDS[service.health.health]}`,
      businessServices: [service.id],
      services: service.hurtBy.map(({ id }) => id),
    });
  return (
    <Panel title="Business services" note={sick > 0 ? `${sick} of ${services.length} not healthy` : undefined}>
      <List
        label="Business services"
        items={all ? services : hurt}
        keyOf={({ id }) => id}
        onOpen={(service) =>
          service.hurtBy[0] === undefined
            ? go('estate', { tab: 'business', id: service.id })
            : go('map', { service: service.hurtBy[0].id })
        }
        selected={chosen}
        onActive={({ id }) => onChoose(id)}
        onKey={(key, service) => {
          if (key !== 'd') return false;
          declare(service);
          return true;
        }}
        render={(service, active) => (
          <Row service={service} loss={losses?.get(service.id)} active={active} onDeclare={() => declare(service)} />
        )}
        empty={
          services.length === 0 ? (
            <EmptyState
              title="No business services are known."
              text="They come with the catalog: what customers and stores need, and the services it hangs on."
              action={<Button onClick={() => go('estate', { do: 'import' })}>Import catalog</Button>}
            />
          ) : undefined
        }
      />
      {healthy > 0 && (
        <button type="button" className={styles.fold} aria-expanded={all} onClick={() => setUnfolded(!all)}>
          <HealthShape health="healthy" />
          {all ? 'Hide what is healthy' : hurt.length === 0 ? `All ${healthy} healthy` : `${healthy} more healthy`}
        </button>
      )}
    </Panel>
  );
}

interface RowProps {
  service: BusinessService;
  /** Undefined until it was asked. */
  loss: BusinessImpact | undefined;
  active: boolean;
  onDeclare(): void;
}

/** Minor units a minute. */
const lostNow = (loss: BusinessImpact | undefined): number => loss?.lossPerMinute?.likely ?? 0;

function Row({ service, loss, active, onDeclare }: RowProps) {
  const { health } = service;
  const sick = health.health !== 'healthy';
  return (
    <div className={styles.row} data-health={health.health}>
      <div className={styles.head}>
        <HealthMark health={health.health} word={false} size="large" />
        <span className={styles.name}>{service.name}</span>
        {loss !== undefined && (sick || lostNow(loss) >= 1) ? <LossNow impact={loss} short /> : null}
        {!sick && <HealthNote health={health} short />}
        {health.health !== 'unknown' && <Since health={health} />}
      </div>
      {sick && (
        <div className={styles.detail}>
          <span className={styles.why}>
            {health.health === 'unknown' && <Since health={health} />}
            {health.byHand && (
              <span className={styles.byHand}>
                {health.reason}; until <TimeText at={health.byHand.until} />
              </span>
            )}
            {service.hurtBy.length === 0 ? (
              health.byHand === undefined && health.reason
            ) : (
              <>
                {service.hurtBy.slice(0, CAUSES_SHOWN).map((cause) => (
                  <span key={cause.id} className={styles.cause}>
                    <HealthMark health={cause.health.health} word={false} />
                    {cause.name}
                  </span>
                ))}
                {service.hurtBy.length > CAUSES_SHOWN && <span>+{service.hurtBy.length - CAUSES_SHOWN}</span>}
              </>
            )}
          </span>
        </div>
      )}
      {sick && (
        <Button variant="quiet" className={styles.declare} tabIndex={active ? 0 : -1} onClick={onDeclare}>
          Declare
        </Button>
      )}
    </div>
  );
}
