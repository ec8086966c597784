/**
 * The first fifteen minutes: what the console would do next, each to be taken, changed or dismissed with one key, and
 * behind it all that it rests on. Invariant: nothing is done that nobody took, and what was dismissed stays away until its
 * facts change.
 */
import { useState } from 'react';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { SuggestionView, WorkspaceView } from '../../../shared/contract/workspace.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Audience } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { useRoom } from '../incident/room.ts';
import { FirstLook } from './FirstLook.tsx';
import styles from './Workspace.module.css';

/** Suggestions that show at once; the others come up as these are decided. */
const SHOWN = 4;

export function Workspace({ incident }: { incident: IncidentView }) {
  const live = !isOver(incident.status) && !incident.foreign;
  const { value, error } = useQuery('incident.workspace', live ? { incident: incident.id } : null, [
    'incidents',
    'health',
    'changes',
    'estate',
    'runbooks',
  ]);
  const [open, setOpen] = useState(false);
  useKeys(
    'Incident room',
    live ? [{ keys: 'f', title: 'Show the first look: whom to call, what changed', run: () => setOpen(true) }] : [],
  );
  if (!live) return null;
  if (value === undefined) return <ErrorLine error={error} />;
  return (
    <Part
      label="Suggested next"
      title="Suggested"
      aside={
        <Button variant="quiet" keys="f" onClick={() => setOpen(true)}>
          First look
        </Button>
      }
    >
      <Suggestions view={value} />
      <Dialog open={open} size="full" title={`First look at ${value.incident.label}`} onClose={() => setOpen(false)}>
        <FirstLook view={value} />
      </Dialog>
    </Part>
  );
}

function Suggestions({ view }: { view: WorkspaceView }) {
  const { open, write } = useRoom();
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState<{ key: string; message: string } | null>(null);
  const [dismissed, setDismissed] = useState<SuggestionView | null>(null);
  const incident = view.incident.id;
  const take = async ({ kind, key, facts }: SuggestionView): Promise<void> => {
    setBusy(`${kind} ${key}`);
    setFailed(null);
    const reply = await call('suggestion.take', { incident, kind, key, facts });
    setBusy(null);
    if (!reply.ok) setFailed({ key: `${kind} ${key}`, message: reply.message });
  };
  const change = changeOf({ open, write });
  return (
    <>
      <List
        label="Suggested next"
        items={view.suggestions.slice(0, SHOWN)}
        keyOf={({ kind, key }) => `${kind} ${key}`}
        className={styles.list}
        rowClassName={styles.row}
        onKey={(key, one) => {
          if (key === 'Enter') void take(one);
          else if (key === 'x') setDismissed(one);
          else if (key === 'e' && change(one)) change(one)!();
          else return false;
          return true;
        }}
        empty={<p className={styles.none}>Nothing more to suggest.</p>}
        render={(one, active) => {
          const changing = change(one);
          return (
            <>
              <p className={styles.title}>{one.title}</p>
              <p className={styles.quiet}>{(active ? one.why : one.why.slice(0, 1)).join(' · ')}</p>
              {active && (
                <div className={styles.actions}>
                  <Button
                    tabIndex={-1}
                    keys="Enter"
                    title={one.does}
                    busy={busy === `${one.kind} ${one.key}`}
                    onClick={() => void take(one)}
                  >
                    Take
                  </Button>
                  {changing && (
                    <Button tabIndex={-1} variant="quiet" keys="e" onClick={changing}>
                      Change
                    </Button>
                  )}
                  <Button tabIndex={-1} variant="quiet" keys="x" onClick={() => setDismissed(one)}>
                    Dismiss
                  </Button>
                </div>
              )}
              {failed?.key === `${one.kind} ${one.key}` && <ErrorLine error={failed.message} />}
            </>
          );
        }}
      />
      {view.suggestions.length > SHOWN && (
        <p className={styles.none}>and {view.suggestions.length - SHOWN} more, which come up as these are decided</p>
      )}
      {dismissed !== null && (
        <ReasonDialog
          title="Dismiss this suggestion?"
          quote={dismissed.title}
          label="Reason (may stay empty)"
          optional
          confirm="Dismiss"
          run={(reason) =>
            call('suggestion.settle', {
              incident,
              ...{ kind: dismissed.kind, key: dismissed.key, facts: dismissed.facts, title: dismissed.title },
              verdict: 'dismissed',
              ...(reason === '' ? {} : { reason }),
            })
          }
          onClose={() => setDismissed(null)}
        />
      )}
    </>
  );
}

/** What "change" opens for a suggestion: the room's own question, or its line in the composer. */
function changeOf({ open, write }: Pick<ReturnType<typeof useRoom>, 'open' | 'write'>) {
  return (one: SuggestionView): (() => void) | null => {
    switch (one.kind) {
      case 'severity':
        return () => open({ ask: 'severity', severity: null });
      case 'response':
        return () => open({ ask: 'response' });
      case 'role':
        return () => open({ ask: 'role', role: one.key as never });
      case 'restoration':
        return () => open({ ask: 'restoration' });
      case 'update':
        return () => open({ ask: 'update', audience: one.key as Audience });
      case 'rollback':
        return () => write(`/ask @ 10m ${one.title}`);
      case 'runbook':
        return () => write('/run ');
      default:
        return null;
    }
  };
}
