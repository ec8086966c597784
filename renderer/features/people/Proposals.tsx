/** What is about to be decided: who was asked for a strong objection, and what they said. */
import { useState } from 'react';
import type { ProposalView } from '../../../shared/contract/room.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Proposals.module.css';

export function Proposals({ proposals }: { proposals: readonly ProposalView[] }) {
  const { incident, write } = useRoom();
  const [error, setError] = useState<{ id: string; message: string } | null>(null);
  const run = async (id: string, doing: Promise<Reply>): Promise<void> => {
    setError(null);
    const reply = await doing;
    if (!reply.ok) setError({ id, message: reply.message });
  };
  const decide = ({ id }: ProposalView) => run(id, call('incident.decide', { incident: incident.id, proposal: id }));
  const nobodyObjects = ({ id }: ProposalView) =>
    run(id, call('incident.object', { incident: incident.id, proposal: id }));
  const drop = ({ id }: ProposalView) => run(id, call('incident.drop', { incident: incident.id, proposal: id }));
  if (proposals.length === 0) return null;
  return (
    <List
      label="Proposals"
      items={proposals}
      keyOf={({ id }) => id}
      glow
      className={styles.list}
      rowClassName={styles.row}
      onKey={(key, proposal) => {
        if (key === 'Enter') void decide(proposal);
        else if (key === 'n') void nobodyObjects(proposal);
        else if (key === 'o') write('/object @');
        else if (key === 'x') void drop(proposal);
        else return false;
        return true;
      }}
      render={(proposal, active) => (
        <>
          <p className={styles.question}>Any strong objection?</p>
          <p className={styles.text}>{proposal.text}</p>
          <ul className={styles.answers}>
            {proposal.answers.map(({ person, objection }) => (
              <li key={person.id} data-objects={typeof objection === 'string' || undefined}>
                <strong>{person.name}</strong>{' '}
                {objection === undefined ? 'no answer yet' : objection === null ? 'none' : `objects: ${objection}`}
              </li>
            ))}
          </ul>
          {active && (
            <div className={styles.actions}>
              <Button keys="Enter" onClick={() => void decide(proposal)}>
                Decide
              </Button>
              <Button variant="quiet" keys="n" onClick={() => void nobodyObjects(proposal)}>
                Nobody else objects
              </Button>
              <Button variant="quiet" keys="o" onClick={() => write('/object @')}>
                Objection
              </Button>
              <Button variant="quiet" keys="x" onClick={() => void drop(proposal)}>
                Drop
              </Button>
            </div>
          )}
          {error?.id === proposal.id && <ErrorLine error={error.message} />}
        </>
      )}
    />
  );
}
