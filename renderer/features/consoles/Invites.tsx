/** Codes that were given out and can still be used. */
import { useState } from 'react';
import type { InviteView } from '../../../shared/contract/consoles.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

export function Invites({ invites }: { invites: readonly InviteView[] }) {
  const [ending, setEnding] = useState<InviteView | null>(null);
  const open = invites.filter(({ state }) => state === 'open');
  return (
    <Panel className={styles.asking} title="Codes that can be used" note={open.length.toLocaleString('en')}>
      <ul className={styles.invites}>
        {open.map((one) => (
          <li key={one.invite}>
            <span className={styles.grow}>
              {one.note ?? 'for nobody in particular'}{' '}
              <span className={styles.quiet}>
                by {one.made.by.name}, until <TimeText at={one.expires} />
              </span>
            </span>
            <Button variant="quiet" onClick={() => setEnding(one)}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      {ending !== null && (
        <ReasonDialog
          title="Withdraw the code?"
          quote={`Nobody can ask with it any more: ${ending.note ?? ending.invite}`}
          confirm="Withdraw it"
          optional
          run={(reason) => call('console.uninvite', { invite: ending.invite, ...(reason === '' ? {} : { reason }) })}
          onClose={() => setEnding(null)}
        />
      )}
    </Panel>
  );
}
