/**
 * Severity and response: which rules hold, what is in doubt, and what another level or model would change. Invariant: what
 * changes is shown before it is chosen, and another response than the proposed one asks for a reason.
 */
import { useState } from 'react';
import type { ProposalView, RuleView } from '../../../shared/contract/proposal.ts';
import {
  RESPONSE_LEVELS,
  RESPONSE_MODELS,
  responseName,
  SUSPICIONS,
  type ResponseLevel,
  type ResponseModel,
  type Suspicion,
} from '../../../shared/domain/policy/words.ts';
import { call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Proposed.module.css';
import { responseWords, useProposal } from './Proposed.tsx';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function ResponseDialog({ close }: { close(): void }) {
  const { incident } = useRoom();
  const { value: proposal, error } = useProposal(incident.id);
  return (
    <Dialog open title="Severity and response" size="wide" onClose={close}>
      {proposal === undefined ? (
        error === null ? (
          <Skeleton rows={8} />
        ) : (
          <ErrorLine error={error} />
        )
      ) : (
        <div className={styles.dialog}>
          <Why proposal={proposal} />
          <Doubts proposal={proposal} />
          <Change proposal={proposal} close={close} />
        </div>
      )}
    </Dialog>
  );
}

function Why({ proposal: { severity, response, facts } }: { proposal: ProposalView }) {
  return (
    <>
      <section className={styles.part}>
        <h3 className={styles.heading}>
          Severity: proposed {severity.proposed}
          {severity.inForce === null ? '' : `, in force ${severity.inForce}`}
        </h3>
        <Rules list={severity.rules} none="No rule holds." />
        {severity.unknown.map((text) => (
          <p key={text} className={styles.quiet}>
            ? {text}
          </p>
        ))}
      </section>
      <section className={styles.part}>
        <h3 className={styles.heading}>Response: proposed {responseWords(response.proposed)}</h3>
        <Rules list={[...response.levelRules, ...response.modelRules]} none="No rule holds: one team by itself." />
        {response.unknown.map((text) => (
          <p key={text} className={styles.quiet}>
            ? {text}
          </p>
        ))}
      </section>
      <details>
        <summary className={styles.quiet}>What was looked at</summary>
        <Facts facts={facts} />
      </details>
    </>
  );
}

function Rules({ list, none }: { list: readonly RuleView[]; none: string }) {
  if (list.length === 0) return <p className={styles.quiet}>{none}</p>;
  return (
    <ul className={styles.rules}>
      {list.slice(0, SHOWN).map(({ rule, gives, because, why, inDoubt }) => (
        <li key={rule}>
          <strong>{gives.startsWith('SEV') ? gives : capital(gives.replaceAll('-', ' '))}</strong> {because}
          {inDoubt && ' (in doubt, the higher)'}. <span className={styles.quiet}>{why}</span>
        </li>
      ))}
      {list.length > SHOWN && (
        <li className={styles.quiet}>
          {list.length - SHOWN} more {list.length - SHOWN === 1 ? 'rule holds' : 'rules hold'} and ask for no more.
        </li>
      )}
    </ul>
  );
}

/** Rules that are spelled out: the first decides, the others say the same in other words. */
const SHOWN = 3;

const DOUBTS: Record<Suspicion, string> = {
  none: 'nobody suspects it',
  suspected: 'suspected',
  confirmed: 'confirmed',
};

function Doubts({ proposal: { data, security } }: { proposal: ProposalView }) {
  const { incident } = useRoom();
  const concern = useCommand('incident.concern');
  const options = SUSPICIONS.map((value) => ({ value, label: capital(DOUBTS[value]) }));
  return (
    <section className={styles.part}>
      <div className={styles.pair}>
        <Select
          label="Wrong or lost data"
          value={data}
          options={options}
          onChange={(next) => void concern.run({ incident: incident.id, integrity: next })}
        />
        <Select
          label="A breach"
          value={security}
          options={options}
          onChange={(next) => void concern.run({ incident: incident.id, security: next })}
        />
      </div>
      <ErrorLine error={concern.error} />
    </section>
  );
}

function Change({ proposal: { response }, close }: { proposal: ProposalView; close(): void }) {
  const { incident } = useRoom();
  const [picked, setPicked] = useState<{ level?: ResponseLevel; model?: ResponseModel }>({});
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // While nobody chose, the proposal stands there to be taken.
  const start = response.inForce ?? response.proposed;
  const level = picked.level ?? start.level;
  const model = picked.model ?? start.model;
  const { value } = useQuery('incident.response', { incident: incident.id, level, model }, [
    `incident:${incident.id}`,
    'policies',
  ]);
  const overrules = level !== response.proposed.level || model !== response.proposed.model;
  const same = response.inForce?.level === level && response.inForce.model === model;
  const set = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const reply = await call('incident.model', {
      incident: incident.id,
      level,
      model,
      ...(reason.trim() === '' ? {} : { reason }),
    });
    setBusy(false);
    if (reply.ok) close();
    else setError(reply.message);
  };
  const preview = value?.preview ?? null;
  const diff = preview?.diff;
  const changes = diff && response.inForce !== null && !same ? diff : null;
  return (
    <form
      className={styles.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (!same) void set();
      }}
    >
      <div className={styles.pair}>
        <Select
          label="Level"
          value={level}
          options={RESPONSE_LEVELS.map((one) => ({ value: one, label: capital(responseName(one)) }))}
          onChange={(next) => setPicked((before) => ({ ...before, level: next }))}
          help={value?.levels.find((one) => one.level === level)?.means}
        />
        <Select
          label="Model"
          autoFocus
          value={model}
          options={RESPONSE_MODELS.map((one) => ({ value: one, label: capital(responseName(one)) }))}
          onChange={(next) => setPicked((before) => ({ ...before, model: next }))}
          help={value?.models.find((one) => one.model === model)?.means}
        />
      </div>
      {changes && (
        <section className={styles.part} aria-label="What changes">
          <h3 className={styles.heading}>What changes</h3>
          <ul className={styles.changes}>
            {[
              ...changes.added.map((text) => ['+', 'new', text] as const),
              ...changes.changed.map((text) => ['~', 'changed', text] as const),
              ...changes.removed.map((text) => ['−', 'gone', text] as const),
            ].map(([mark, word, text]) => (
              <li key={`${mark}${text}`}>
                <span className={styles.mark} aria-label={word}>
                  {mark}
                </span>
                {text}
              </li>
            ))}
          </ul>
          <p className={styles.quiet}>{changes.kept} stay as they are.</p>
        </section>
      )}
      <div className={styles.lists}>
        {(same || changes === null ? (value?.lines ?? []) : (preview?.lines ?? [])).map(({ title, lines }) => (
          <section key={title} className={styles.part}>
            <h3 className={styles.heading}>{title}</h3>
            <ul>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {overrules && !same && (
        <TextField label="Why another than proposed" value={reason} onChange={setReason} maxLength={2000} />
      )}
      <ErrorLine error={error} />
      <p className={styles.buttons}>
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          disabled={same || (overrules && reason.trim() === '')}
          keys="Enter"
        >
          {same ? 'In force' : `Put ${responseName(model)} in force`}
        </Button>
      </p>
    </form>
  );
}
