/** Founding: this console becomes the first of an organisation. */
import { useState } from 'react';
import type { Mine, OrganisationView } from '../../../shared/contract/consoles.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './Consoles.module.css';

export function Found({ log, onClose }: { log: OrganisationView['log']; onClose(): void }) {
  const [name, setName] = useState('');
  const [console, setConsole] = useState('War room');
  const found = useCommand('organisation.found');
  const mine: { mine?: Mine } = log === 'demonstration' ? { mine: 'aside' } : {};
  return (
    <Dialog open title="Found an organisation" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={async (event) => {
          event.preventDefault();
          if (name.trim() === '' || console.trim() === '') return;
          const reply = await found.run({ name: name.trim(), console: console.trim(), ...mine });
          if (reply.ok) onClose();
        }}
      >
        <p className={styles.quiet}>
          This console becomes the first of it; others join with codes that are made here. What was written here before
          stays valid.
        </p>
        {log === 'demonstration' && (
          <p className={styles.warn}>
            The demonstration is kept in a folder of its own, and this console begins with an empty log.
          </p>
        )}
        <TextField
          label="Name of the organisation"
          value={name}
          onChange={setName}
          autoFocus
          maxLength={200}
          placeholder="Acme Retail"
        />
        <TextField label="Name of this console" value={console} onChange={setConsole} maxLength={100} />
        <ErrorLine error={found.error} />
        <div className={styles.row}>
          <Button
            type="submit"
            variant="primary"
            keys="Enter"
            busy={found.busy}
            disabled={name.trim() === '' || console.trim() === ''}
          >
            Found it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
