/** How the record leaves this console and comes in: two buttons for the Record screen. */
import { openExport, openTake } from '../../state/dialogs.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './RecordActions.module.css';

export function RecordActions() {
  useKeys('Bundles', [
    { keys: 'e', title: 'Export everything', run: () => openExport() },
    { keys: 'i', title: 'Import a bundle or an incident', run: () => openTake() },
  ]);
  return (
    <p className={styles.actions}>
      <Button keys="e" onClick={() => openExport()}>
        Export everything
      </Button>
      <Button keys="i" onClick={() => openTake()}>
        Import a bundle or an incident
      </Button>
    </p>
  );
}
