/** Proposes a request: from a step of a run, or from what is written down. Shows it whole while it is filled in. */
import { useState } from 'react';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Actions.module.css';
import { Request } from './Request.tsx';
import { RISK_WORDS } from './words.ts';

export function Propose({
  incident,
  from,
  onClose,
}: {
  incident: IncidentView;
  /** The step that it is for, when it is opened from one. */
  from?: { run: string; step: string };
  onClose(): void;
}) {
  const { services } = useRoom();
  const { value: known, error } = useQuery('action.templates', {}, ['endpoints']);
  const steps = incident.runs.flatMap((run) =>
    run.steps
      .filter(({ type, state }) => type === 'action' && state !== 'done' && state !== 'skipped')
      .map((step) => ({ value: `step ${run.id} ${step.id}`, label: `Step: ${step.title}` })),
  );
  const options = [
    ...steps,
    ...(known?.templates ?? []).map(({ id, title, endpoint, configured }) => ({
      value: `template ${id}`,
      label: configured ? title : `${title} (no endpoint "${endpoint}" here)`,
    })),
  ];
  const [chosen, setChosen] = useState<string | null>(from ? `step ${from.run} ${from.step}` : null);
  const which = chosen ?? options[0]?.value ?? '';
  const [service, setService] = useState(incident.services[0]?.id ?? '');
  const [inputs, setInputs] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const propose = useCommand('action.propose');
  const [kind, first = '', second = ''] = which.split(' ');
  const source = {
    incident: incident.id,
    ...(kind === 'step' ? { run: first, step: second } : { template: first }),
    ...(service === '' ? {} : { service }),
    inputs,
  };
  const { value: preview, error: wrong } = useQuery('action.preview', which === '' ? null : source, [
    'endpoints',
    'estate',
    `incident:${incident.id}`,
  ]);
  const submit = async (): Promise<void> => {
    const reply = await propose.run({ ...source, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) });
    if (reply.ok) onClose();
  };
  const affected = incident.services.map(({ id, name }) => ({ value: id, label: name }));
  const others = services
    .filter(({ id }) => !affected.some(({ value }) => value === id))
    .map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Dialog open title="Propose an action" size="wide" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ErrorLine error={error} />
        {known !== undefined && options.length === 0 ? (
          <p>No action is written down: put a file into the folder “actions” of the data folder.</p>
        ) : (
          <Select
            label="Action"
            autoFocus
            options={options}
            value={which}
            onChange={(next) => {
              setChosen(next);
              setInputs({});
            }}
          />
        )}
        <Select
          label="Acts on"
          options={[{ value: '', label: 'no single service' }, ...affected, ...others]}
          value={service}
          onChange={setService}
        />
        {preview?.inputs.map(({ name, title, example }) => (
          <TextField
            key={`${which} ${name}`}
            label={title}
            placeholder={example}
            value={inputs[name] ?? ''}
            onChange={(value) => {
              const { [name]: _old, ...rest } = inputs;
              setInputs(value === '' ? rest : { ...rest, [name]: value });
            }}
          />
        ))}
        {preview && (
          <>
            <p>{preview.effect}</p>
            <p className={styles.quiet}>
              {RISK_WORDS[preview.risk]}. {preview.guard.why.join(' ')} {preview.reach.text}{' '}
              {preview.guard.approvals > 0 && `May approve: ${preview.guard.who}.`}
            </p>
            {preview.request ? <Request request={preview.request} /> : <p>{preview.missing}</p>}
          </>
        )}
        <TextField label="Reason (may stay empty)" value={reason} onChange={setReason} />
        <ErrorLine error={propose.error ?? wrong} />
        <div className={styles.buttons}>
          <Button variant="primary" type="submit" keys="Enter" busy={propose.busy} disabled={!preview?.request}>
            Propose
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
