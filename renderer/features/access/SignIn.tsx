/** Signing in with single sign-on: the browser is opened, waited for, and can be left off. The provider's page is never shown in here. */
import { useEffect, useRef, useState } from 'react';
import type { SessionView } from '../../../shared/contract/access.ts';
import type { Output } from '../../../shared/contract/table.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { call } from '../../bridge/client.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Access.module.css';

type Begun = Output<'sso.begin'>;

export function SignIn({
  offer: { name, reachable, since },
  focused,
  onDone,
}: {
  offer: NonNullable<SessionView['sso']>;
  /** Where nobody has anything else to unlock with. */
  focused: boolean;
  onDone(person: string | null): void;
}) {
  const [begun, setBegun] = useState<Begun | 'asked' | null>(null);
  const [error, setError] = useState<string | null>(null);
  /** The sign-in that this question began, to be left off with it. */
  const own = useRef<string | null>(null);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      if (own.current !== null) void call('sso.cancel', { attempt: own.current });
    };
  }, []);
  const begin = async (): Promise<void> => {
    if (begun !== null) return;
    setError(null);
    setBegun('asked');
    const reply = await call('sso.begin', {});
    if (!reply.ok) {
      setBegun(null);
      setError(reply.message);
      return;
    }
    const { attempt } = reply.value;
    if (gone.current) {
      void call('sso.cancel', { attempt });
      return;
    }
    own.current = attempt;
    setBegun(reply.value);
    const came = await call('sso.wait', { attempt });
    if (own.current !== attempt) return;
    own.current = null;
    setBegun(null);
    if (came.ok) onDone(came.value.person?.id ?? null);
    else setError(came.message);
  };
  const leave = (): void => {
    if (own.current !== null) void call('sso.cancel', { attempt: own.current });
    own.current = null;
    setBegun(null);
  };
  return (
    <div className={styles.signIn}>
      {begun === null || begun === 'asked' ? (
        <Button
          variant={focused ? 'primary' : 'plain'}
          busy={begun === 'asked'}
          autoFocus={focused}
          onClick={() => void begin()}
        >
          Sign in with {name}
        </Button>
      ) : (
        <Waiting begun={begun} onLeave={leave} />
      )}
      {begun === null && error === null && reachable === false && (
        <p className={styles.contested}>
          ▲ {name} does not answer
          {since !== null && (
            <>
              {' '}
              since <TimeText at={since} />
            </>
          )}
          .
        </p>
      )}
      <ErrorLine error={error} />
    </div>
  );
}

function Waiting({ begun: { name, until, url, problem }, onLeave }: { begun: Begun; onLeave(): void }) {
  const now = useNow();
  return (
    <>
      <p role="status">
        {url === null
          ? `Waiting for ${name}: sign in there in the browser that was opened.`
          : `The browser could not be opened${problem === null ? '' : ` (${problem})`}. Open this address in a browser of this machine:`}
      </p>
      {url !== null && (
        <code className={styles.address} tabIndex={0}>
          {url}
        </code>
      )}
      <p className={styles.buttons}>
        <span className={styles.quiet}>{formatDuration(Math.max(0, until - now))} left</span>
        <Button autoFocus onClick={onLeave}>
          Leave off
        </Button>
      </p>
    </>
  );
}
