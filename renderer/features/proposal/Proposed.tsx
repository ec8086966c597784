/**
 * What the policies propose for this incident when it differs from what is in force: one key takes it, one keeps what is.
 * Invariant: nothing changes by itself, and what somebody kept is not asked about again until another rule holds.
 */
import { useState } from 'react';
import type { ProposalView } from '../../../shared/contract/proposal.ts';
import { responseName } from '../../../shared/domain/policy/words.ts';
import { SEVERITIES } from '../../../shared/domain/orders.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Proposed.module.css';

export function useProposal(incident: string) {
  return useQuery('incident.proposal', { incident }, [
    `incident:${incident}`,
    'health',
    'estate',
    'stores',
    'policies',
    'runbooks',
  ]);
}

/** "platform level, command". */
export function responseWords({ level, model }: ProposalView['response']['proposed']): string {
  return `${responseName(level)}, ${responseName(model)}`;
}

/** Under the header: the severity first, and the response when that is settled. */
export function Proposed() {
  const { incident, open } = useRoom();
  const { value } = useProposal(incident.id);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const what = value?.severity.open ? 'severity' : value?.response.open ? 'response' : null;
  const why = (): void => open({ ask: 'response' });

  const run = async (doing: () => Promise<Reply>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const reply = await doing();
    setBusy(false);
    if (!reply.ok) setError(reply.message);
  };
  const take = (): void => {
    if (value === undefined || what === null) return;
    const { proposed } = value.severity;
    if (what === 'response') void run(() => call('incident.model', { incident: incident.id }));
    else if (SEVERITIES.indexOf(proposed) > SEVERITIES.indexOf(incident.severity))
      open({ ask: 'severity', severity: proposed });
    else void run(() => call('incident.severity', { incident: incident.id, severity: proposed }));
  };
  const keepable = what === 'severity' || (value?.response.inForce ?? null) !== null;
  const keep = (): void => {
    if (what !== null && keepable) void run(() => call('incident.keep', { incident: incident.id, what }));
  };
  useKeys('Incident room', [
    { keys: 'm', title: 'Severity and response: why, and change them', run: why },
    ...(what === null ? [] : [{ keys: 'y', title: `Take the proposed ${what}`, run: take }]),
    ...(what === null || !keepable ? [] : [{ keys: 'n', title: `Keep the ${what} as it is`, run: keep }]),
  ]);

  if (value === undefined || what === null) return <ErrorLine error={error} />;
  const { severity, response } = value;
  const because = what === 'severity' ? severity.rules[0] : (response.modelRules[0] ?? response.levelRules[0]);
  const words = what === 'severity' ? severity.proposed : responseWords(response.proposed);
  const now = what === 'severity' ? incident.severity : response.inForce && responseWords(response.inForce);
  return (
    <section className={styles.band} aria-label="Proposed">
      <div className={styles.proposed}>
        <p className={styles.words} role="status">
          <strong>Proposed {words}</strong> – {because?.because ?? 'no rule asks for more'}
          {because?.inDoubt ? <span className={styles.quiet}> (in doubt, the higher)</span> : null}
        </p>
        <div className={styles.buttons}>
          <Button busy={busy} keys="y" onClick={take}>
            Take {what === 'severity' ? words : 'it'}
          </Button>
          {keepable && (
            <Button variant="quiet" busy={busy} keys="n" onClick={keep}>
              Keep {now}
            </Button>
          )}
          <Button variant="quiet" keys="m" onClick={why}>
            Why
          </Button>
        </div>
      </div>
      <ErrorLine error={error} />
    </section>
  );
}

/** "model: command (why)", in the column of what is next. */
export function ModelLine() {
  const { incident, open } = useRoom();
  const { value } = useProposal(incident.id);
  if (value === undefined) return null;
  const { inForce, proposed } = value.response;
  const { level, model } = inForce ?? proposed;
  return (
    <p className={styles.model}>
      <span className={styles.quiet}>{inForce === null ? 'proposed model:' : 'model:'}</span>
      <button
        type="button"
        className={styles.link}
        title={`${responseName(level)}; why, and change it (M)`}
        onClick={() => open({ ask: 'response' })}
      >
        {responseName(model)} (why)
      </button>
    </p>
  );
}
