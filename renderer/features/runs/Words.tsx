/** The words of a message step, taken into the draft for whom they are written; there they are read and sent. */
import { useState } from 'react';
import type { StepView } from '../../../shared/contract/incident.ts';
import { AUDIENCES } from '../../../shared/domain/updates/audiences.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { useRoom } from '../incident/room.ts';
import { quoted } from './outcome.ts';
import styles from './Runs.module.css';

export function Words({ step }: { step: StepView }) {
  const { incident, open } = useRoom();
  const save = useCommand('update.save');
  const [said, setSaid] = useState(false);
  const text = quoted(step.body);
  const { audience } = step;
  if (text === '' || audience === undefined) return null;
  const run = async (): Promise<void> => {
    const reply = await save.run({ incident: incident.id, audience, text });
    setSaid(reply.ok);
    if (reply.ok) open({ ask: 'update', audience: AUDIENCES.find((one) => one === audience) ?? null });
  };
  const whom = audience.replaceAll('-', ' ');
  return (
    <>
      <Button variant="quiet" busy={save.busy} onClick={() => void run()}>
        Take its words as the draft for {whom}
      </Button>
      {said && (
        <span role="status" className={styles.quiet}>
          They are the draft for {whom} now; nothing was sent.
        </span>
      )}
      <ErrorLine error={save.error} />
    </>
  );
}
