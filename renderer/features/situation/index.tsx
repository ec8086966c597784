/** The home of the console. It answers one question first: what is hurt, and who has it? */
import type { ChangeKey } from '../../../shared/contract/spec.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
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
import { BusinessServices } from './BusinessServices.tsx';
import { Changes } from './Changes.tsx';
import { Incidents } from './Incidents.tsx';
import { NeedsYou, openNeed } from './NeedsYou.tsx';
import styles from './Situation.module.css';
import { Stores } from './Stores.tsx';
import { UnhealthyServices } from './UnhealthyServices.tsx';

const KEYS: readonly ChangeKey[] = ['estate', 'health', 'incidents', 'sources', 'changes', 'settings'];

// This is the screen that a start shows.
askAhead('situation', {}, KEYS);

export default function Situation() {
  const { value, error, retry } = useQuery('situation', {}, KEYS);
  const engine = useEngine();
  const go = useNavigation((state) => state.go);
  const demonstration = useCommand('estate.load-demonstration');
  useReady('situation', value !== undefined);
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
      <Incidents incidents={value.incidents} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <BusinessServices services={value.businessServices} />
        </div>
        <div className={styles.column}>
          <UnhealthyServices services={value.services} unhealthy={value.unhealthy} asOf={value.asOf} />
          <Stores regions={value.stores} />
        </div>
        <div className={styles.column}>
          <NeedsYou needs={needs} />
          <Changes changes={value.changes} />
        </div>
      </div>
    </div>
  );
}
