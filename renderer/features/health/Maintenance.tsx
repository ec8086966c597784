/** Announces work on a service, so that what it reports meanwhile is expected. Customers' pain is never hidden by it. */
import { useRef } from 'react';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Health.module.css';
import { PlanMaintenance } from './PlanMaintenance.tsx';

export function Maintenance({ service, name, onClose }: { service: string; name: string; onClose(): void }) {
  const plan = useCommand('maintenance.plan');
  const end = useCommand('maintenance.end');
  const { value: windows } = useQuery('maintenance.list', {}, ['health', 'estate']);
  const first = useRef<HTMLInputElement>(null);
  const known = (windows ?? []).filter(({ services }) => services.some(({ id }) => id === service));
  return (
    <Dialog
      open
      title={`Maintenance of ${name}`}
      onClose={onClose}
      initialFocus={first}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="maintenance" busy={plan.busy}>
            Plan maintenance
          </Button>
        </>
      }
    >
      <PlanMaintenance id="maintenance" services={[service]} plan={plan} inputRef={first} onPlanned={onClose} />
      {known.length > 0 && (
        <ul className={styles.windows} aria-label="Known maintenance">
          {known.map((window) => (
            <li key={window.id}>
              <span className={styles.grow}>
                {window.title} <TimeText at={window.from} /> to <TimeText at={window.to} />, {window.by.name}
              </span>
              <Button busy={end.busy} onClick={() => void end.run({ window: window.id })}>
                End it
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ErrorLine error={end.error} />
    </Dialog>
  );
}
