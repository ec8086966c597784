/** Letting a console in, or not: the words are compared over the telephone first. */
import { useState } from 'react';
import type { RequestView } from '../../../shared/contract/consoles.ts';
import { askedWords } from '../../../shared/domain/joining/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

export function RequestDialog({ request, onClose }: { request: RequestView; onClose(): void }) {
  const { console, problem } = request;
  const accept = useCommand('console.accept');
  const refuse = useCommand('console.refuse');
  const [name, setName] = useState(request.name);
  const [reason, setReason] = useState('');
  const [refusing, setRefusing] = useState(problem !== null);
  const run = async (): Promise<void> => {
    const reply = refusing
      ? await refuse.run({ console, reason: reason.trim() })
      : await accept.run({ console, name: name.trim() });
    if (reply.ok) onClose();
  };
  return (
    <Dialog open title={`${request.name} asks to join`} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if ((refusing ? reason : name).trim() !== '') void run();
        }}
      >
        <div>
          <p className={styles.quiet}>Call who sits there and compare these words, all four:</p>
          <p className={styles.large}>{request.spoken}</p>
        </div>
        <Facts
          facts={[
            { name: 'Asked', value: <TimeText at={request.at} /> },
            { name: 'Came here', value: <TimeText at={request.arrived} /> },
            { name: 'Its code', value: askedWords(request) || 'of an invitation that is not known here' },
            { name: 'Id', value: <code>{console}</code> },
          ]}
        />
        {problem !== null && <p className={styles.warn}>It cannot be let in: {problem}</p>}
        {refusing ? (
          <TextField
            label="Why not"
            value={reason}
            onChange={setReason}
            autoFocus
            maxLength={2000}
            help="Whoever sits there reads it."
          />
        ) : (
          <TextField label="Name" value={name} onChange={setName} autoFocus maxLength={100} />
        )}
        <ErrorLine error={refusing ? refuse.error : accept.error} />
        <div className={styles.row}>
          {refusing ? (
            <Button type="submit" variant="danger" keys="Enter" busy={refuse.busy} disabled={reason.trim() === ''}>
              Refuse it
            </Button>
          ) : (
            <>
              <Button type="submit" variant="primary" keys="Enter" busy={accept.busy} disabled={name.trim() === ''}>
                The words agree: let it in
              </Button>
              <Button onClick={() => setRefusing(true)}>Refuse…</Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  );
}
