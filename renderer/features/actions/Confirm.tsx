/** The last look before an approval or a request. Invariant: what is confirmed is the request that is shown, by its hash. */
import { useState } from 'react';
import type { ActionView } from '../../../shared/contract/actions.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Actions.module.css';
import { Request } from './Request.tsx';

export type Asked = 'approve' | 'refuse' | 'run' | 'happened' | 'not-happened' | 'try' | 'withdraw';

const TITLES: Record<Asked, string> = {
  approve: 'Approve',
  refuse: 'Refuse',
  run: 'Run it',
  happened: 'It happened',
  'not-happened': 'It did not happen',
  try: 'Dry run',
  withdraw: 'Withdraw',
};

export function Confirm({
  ask,
  action,
  zone,
  onClose,
}: {
  ask: Asked;
  action: ActionView;
  zone: string;
  onClose(): void;
}) {
  const [reason, setReason] = useState('');
  const [hash] = useState(action.hash);
  const wanted = ask === 'refuse' || ask === 'happened' || ask === 'not-happened';
  const because = reason.trim() === '' ? {} : { reason: reason.trim() };
  const send = (): Promise<Reply> => {
    const { id } = action;
    if (ask === 'approve') return call('action.approve', { action: id, hash, ...because });
    if (ask === 'run')
      return call('action.run', {
        ...{ action: id, hash, ...because },
        again: ['unknown', 'waiting', 'failed'].includes(action.state),
      });
    if (ask === 'refuse') return call('action.refuse', { action: id, reason });
    return call('action.settle', { action: id, happened: ask === 'happened', reason });
  };
  const last = action.attempts.at(-1);
  return (
    <SendDialog
      title={`${TITLES[ask]}: ${action.title}`}
      size="wide"
      confirm={TITLES[ask]}
      danger={ask === 'refuse'}
      missing={() => (wanted && reason.trim() === '' ? 'A reason is needed.' : null)}
      send={send}
      aside={<Button onClick={onClose}>Cancel</Button>}
      onClose={onClose}
    >
      {(ask === 'approve' || ask === 'run') && <Request request={action.request} />}
      <p>{action.effect}</p>
      <p className={styles.quiet}>
        {action.guard.why.join(' ')} {action.reach.text} Proposed by {action.proposedBy.name}{' '}
        <TimeText at={action.proposedAt} zone={zone} />.
      </p>
      {ask === 'run' && action.state !== 'proposed' && <p>{action.message}</p>}
      {action.waiting && <p>{action.waiting.changed.join(' ')}</p>}
      {ask === 'run' && last && (
        <p className={styles.quiet}>The same key goes with it, so that a server that knows it does it once.</p>
      )}
      <TextField
        label={wanted ? (ask === 'refuse' ? 'Reason' : 'How do you know?') : 'Reason (may stay empty)'}
        value={reason}
        onChange={setReason}
        autoFocus
      />
    </SendDialog>
  );
}
