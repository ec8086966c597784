/**
 * The home of the console. It answers one question first: what is hurt, and what does it cost? Invariant: the first paint
 * waits for one answer only, and until that is there shows the last one with its time; money, curve and cause are asked for
 * once it stands.
 */
import { lazy, Suspense, useEffect, useState } from 'react';
import type { ChangeKey } from '../../../shared/contract/spec.ts';
import type { Output } from '../../../shared/contract/table.ts';
import { useCommands } from '../../app/commands.ts';
import { tellPainted, useReady } from '../../app/ready.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useEngine } from '../../bridge/useEngine.ts';
import { askAhead, useQuery } from '../../bridge/useQuery.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { ShownOr } from '../../ui/ShownOr.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useImpact } from '../impact/useImpact.ts';
import { BusinessServices } from './BusinessServices.tsx';
import { Cause } from './Cause.tsx';
import { Changes } from './Changes.tsx';
import { Incidents } from './Incidents.tsx';
import { NeedsYou, openNeed } from './NeedsYou.tsx';
import { forget, remembered, useRemember, type Situation as Value } from './remembered.ts';
import { Signals } from './Signals.tsx';
import styles from './Situation.module.css';
import { Stores } from './Stores.tsx';
import { UnhealthyServices } from './UnhealthyServices.tsx';
import { Unknown } from './Unknown.tsx';

const Curve = lazy(() => import('../impact/Curve.tsx').then((module) => ({ default: module.Curve })));
/** Pixels of the curve: the services below it keep their place. */
const CURVE_HEIGHT = 112;

const KEYS: readonly ChangeKey[] = ['estate', 'health', 'incidents', 'sources', 'stores', 'changes', 'settings'];

// This is the screen that a start shows.
askAhead('situation', {}, KEYS);

export default function Situation() {
  const { value, error, retry } = useQuery('situation', {}, KEYS);
  const engine = useEngine();
  const go = useNavigation((state) => state.go);
  const demonstration = useCommand('estate.load-demonstration');
  useReady('situation', value !== undefined);
  useRemember(value);
  const painted = usePainted(value !== undefined);
  const needs = value?.needs ?? [];
  useKeys('Situation', [
    ...needs
      .slice(0, 9)
      .map((need, index) => ({ keys: String(index + 1), title: 'Open what needs you', run: () => openNeed(need) })),
  ]);
  useCommands(
    (value?.incidents ?? []).slice(0, 1).map((incident) => ({
      id: 'situation.worst',
      title: 'Open the worst incident',
      hint: `${incident.label} ${incident.title}`,
      run: () => go('incident', { incident: incident.id }),
    })),
  );

  if (value === undefined) {
    if (error !== null && engine.state === 'ready') {
      return (
        <div className={styles.failed}>
          <ErrorLine error={error} onRetry={retry} />
        </div>
      );
    }
    return <AsItWas />;
  }

  if (value.services.total === 0 && value.incidents.length === 0) {
    return (
      <EmptyState
        size="page"
        title="Nothing is known yet."
        text="Import the catalog of your services, stores and teams: then this screen shows what is hurt, who has it and what changed. An incident can be declared without it."
        action={
          <div className={styles.firstActions}>
            <Button variant="primary" autoFocus onClick={() => go('estate', { do: 'import' })}>
              Import catalog
            </Button>
            <Button busy={demonstration.busy} onClick={() => void demonstration.run({})}>
              Load the demonstration
            </Button>
            <Button keys="mod+shift+i" onClick={() => openDeclare()}>
              Declare an incident
            </Button>
            <ErrorLine error={demonstration.error} />
          </div>
        }
      />
    );
  }

  return (
    <div className={styles.situation}>
      {error !== null && engine.state === 'ready' && (
        <ErrorLine error={`What you see is older than this error: ${error.message}`} onRetry={retry} />
      )}
      {painted ? <Hurt value={value} /> : <Whole value={value} />}
    </div>
  );
}

/** The last picture, with its time, while the log is being read; without one the outline of the screen. */
function AsItWas() {
  const [value] = useState(remembered);
  if (value === null) return <Outline />;
  return (
    <ShownOr fallback={<Outline />} onBroken={forget}>
      <LastKnown value={value} />
    </ShownOr>
  );
}

function LastKnown({ value }: { value: Value }) {
  useEffect(tellPainted, []);
  return (
    <div className={styles.situation}>
      <p className={styles.asItWas} role="status">
        As it was at <TimeText at={value.asOf} seconds />. The log is being read.
      </p>
      <div className={styles.was} inert>
        <Whole value={value} />
      </div>
    </div>
  );
}

function Outline() {
  return (
    <Skeleton>
      <Bar height={40} />
      <div className={styles.columns}>
        {[0, 1, 2].map((column) => (
          <div key={column} className={styles.skeletonColumn}>
            {[60, 90, 75, 85, 50].map((width) => (
              <Bar key={width} width={width} height={20} />
            ))}
          </div>
        ))}
      </div>
    </Skeleton>
  );
}

/** With what it costs, which is asked for after the first paint. */
function Hurt({ value }: { value: Value }) {
  const { value: impact } = useImpact();
  return <Whole value={value} impact={impact} rest />;
}

function Whole({ value, impact, rest = false }: { value: Value; impact?: Output<'impact'>; rest?: boolean }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const losses = new Map(impact?.businessServices.map((one) => [one.id, one]));
  const rate = (id: string): number => losses.get(id)?.lossPerMinute?.likely ?? 0;
  const services =
    impact === undefined ? value.businessServices : value.businessServices.toSorted((a, b) => rate(b.id) - rate(a.id));
  const worst = services.find(({ id, health }) => health.health !== 'healthy' || rate(id) > 0);
  const drawn = services.find(({ id }) => id === chosen) ?? worst ?? services[0];
  const costs = new Map(impact?.incidents.map((one) => [one.id, one.totals]));
  return (
    <>
      <Incidents incidents={value.incidents} costs={costs} outside={value.restricted} />
      <Signals tiers={value.tiers} services={value.services} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <BusinessServices
            services={services}
            losses={impact === undefined ? null : losses}
            chosen={drawn?.id ?? null}
            onChoose={setChosen}
          />
          {rest && value.unhealthy.length > 0 && <Cause />}
        </div>
        <div className={styles.column}>
          {drawn !== undefined && (
            <section className={styles.curve} aria-label={`Curve of ${drawn.name}`}>
              <h2 className={styles.curveTitle}>{drawn.name}, actual against usual</h2>
              {rest && (
                <Suspense fallback={null}>
                  <Curve key={drawn.id} businessService={drawn.id} height={CURVE_HEIGHT} bare />
                </Suspense>
              )}
            </section>
          )}
          <UnhealthyServices services={value.services} unhealthy={value.unhealthy} asOf={value.asOf} />
          <Stores answer={value.storesAnswer} regions={value.stores} />
        </div>
        <div className={styles.column}>
          <NeedsYou needs={value.needs} />
          <Unknown unknown={value.unknown} />
          <Changes changes={value.changes} />
        </div>
      </div>
    </>
  );
}

/** False until the first paint is over and the window has a moment to spare. */
function usePainted(ready: boolean): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    if (!ready || painted) return undefined;
    // Not before the picture is on the screen: a question that the engine works on holds up the next one.
    const timer = setTimeout(() => requestIdleCallback(() => setPainted(true)), SPARE);
    return () => clearTimeout(timer);
  }, [ready, painted]);
  return painted;
}

/** How long after the first answer the rest is asked for, ms. */
const SPARE = 250;
