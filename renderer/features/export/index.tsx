/**
 * Writes an incident, or everything, into a file that leaves the console. Invariant: what is written is said before and
 * where it lies afterwards; nothing that is there already is written over without asking.
 */
import { useMemo, useState } from 'react';
import type { Output } from '../../../shared/contract/table.ts';
import { formatSize, ops } from '../../../shared/domain/export/work.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { closeDialog, type ExportSubject } from '../../state/dialogs.ts';
import { localZone, useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox, MultiCombobox, type Option } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import styles from './Export.module.css';
import { Work } from './Work.tsx';
import { contentWords, WHAT, type What } from './words.ts';

type Done = { as: 'document'; value: Output<'incident.export'> } | { as: 'bundle'; value: Output<'bundle.export'> };

export default function Export({ subject }: { subject: ExportSubject | null }) {
  const home = useZone();
  const [what, setWhat] = useState<What>(subject === null ? 'bundle' : 'pdf');
  const [zone, setZone] = useState(home);
  const [from, setFrom] = useState<'everything' | 'bundle' | 'op'>('everything');
  const [earlier, setEarlier] = useState<string | null>(null);
  const [head, setHead] = useState('');
  const [readers, setReaders] = useState<'anybody' | 'ours' | 'some'>('anybody');
  const [some, setSome] = useState<string[]>([]);
  const consoles = useQuery('console.list', readers === 'some' ? {} : null, ['estate']).value?.consoles;
  const [files, setFiles] = useState<'no' | 'yes'>('no');
  const [done, setDone] = useState<Done | null>(null);
  const [folder, setFolder] = useState<string | null>(null);
  const document = useCommand('incident.export');
  const bundle = useCommand('bundle.export');
  const busy = document.busy || bundle.busy;
  const error = document.error ?? bundle.error;
  const zones = useMemo(() => zoneOptions(home, subject?.zone ?? null), [home, subject]);

  const write = async (to: string, replace: boolean): Promise<void> => {
    setFolder(to);
    setDone(null);
    document.clear();
    bundle.clear();
    if (what === 'bundle' || subject === null) {
      const reply = await bundle.run({
        ...{ to, replace },
        ...(subject === null ? {} : { incident: subject.incident }),
        ...(subject === null && from === 'bundle' && earlier !== null ? { since: earlier } : {}),
        ...(subject === null && from === 'op' ? { after: head.trim() } : {}),
        ...(readers === 'anybody' ? {} : { for: readers === 'ours' ? ['all'] : some }),
        withEvidence: files === 'yes',
      });
      if (reply.ok) setDone({ as: 'bundle', value: reply.value });
      return;
    }
    const reply = await document.run({ incident: subject.incident, format: what, zone, to, replace });
    if (reply.ok) setDone({ as: 'document', value: reply.value });
  };
  const choose = async (): Promise<void> => {
    const [to] = await bridge.choosePaths('record-folder');
    if (to !== undefined) await write(to, false);
  };
  const chooseEarlier = async (): Promise<void> => {
    const [file] = await bridge.choosePaths('record-file');
    if (file !== undefined) setEarlier(file);
  };
  /** While something is written, leaving stops it. */
  const leave = (): void => {
    if (bundle.busy) void call('bundle.stop', {});
    else closeDialog();
  };
  const nobody = what === 'bundle' && readers === 'some' && some.length === 0;
  const missing =
    subject === null && ((from === 'bundle' && earlier === null) || (from === 'op' && head.trim() === ''));
  const inTheWay = error !== null && error.code === 'refused' && error.message.includes('is there already');
  return (
    <Dialog
      open
      title={subject === null ? 'Export everything' : `Export ${subject.label}`}
      onClose={leave}
      footer={
        <>
          <Button onClick={leave}>{bundle.busy ? 'Stop' : done === null ? 'Cancel' : 'Close'}</Button>
          <Button variant="primary" busy={busy} disabled={missing || nobody} autoFocus onClick={() => void choose()}>
            Choose a folder
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {subject === null ? (
          <>
            <p className={styles.quiet}>
              One signed file with the ops of every console, for another console of ours. It can be taken again and in
              any order without harm, and it bears witness of how far the record had come.
            </p>
            <Choice<typeof from>
              label="What goes into it"
              value={from}
              onChange={setFrom}
              options={[
                { value: 'everything', label: 'everything' },
                { value: 'bundle', label: 'what came since an earlier bundle' },
                { value: 'op', label: 'what came after an op' },
              ]}
            />
            {from === 'bundle' && (
              <p className={styles.earlier}>
                <Button onClick={() => void chooseEarlier()}>
                  {earlier === null ? 'Choose the earlier bundle' : 'Choose another'}
                </Button>
                {earlier !== null && <span className={styles.path}>{earlier}</span>}
              </p>
            )}
            {from === 'op' && (
              <TextField
                label="After which op"
                mono
                value={head}
                onChange={setHead}
                help="The id of an op, or its first 8 characters: a head as the other console's record names it. All that came to this console after it is written."
              />
            )}
          </>
        ) : (
          <div>
            <Choice<What>
              label="As"
              value={what}
              onChange={setWhat}
              options={WHAT.map(({ value, label }) => ({ value, label }))}
            />
            <p className={styles.help} aria-live="polite">
              {WHAT.find(({ value }) => value === what)?.help}
            </p>
          </div>
        )}
        {what === 'bundle' && (
          <Choice<typeof files>
            label="Attached files"
            value={files}
            onChange={setFiles}
            options={[
              { value: 'no', label: 'what, who and when' },
              { value: 'yes', label: 'with their content, as far as it is here' },
            ]}
          />
        )}
        {what === 'bundle' && (
          <Choice<typeof readers>
            label="Who can read it"
            value={readers}
            onChange={setReaders}
            options={[
              { value: 'anybody', label: 'whoever has the file' },
              { value: 'ours', label: 'all enrolled consoles (sealed)' },
              { value: 'some', label: 'some of them (sealed)' },
            ]}
          />
        )}
        {what === 'bundle' && readers === 'some' && (
          <MultiCombobox
            label="Which consoles, besides this one"
            options={(consoles ?? [])
              .filter(({ standing }) => standing === 'enrolled')
              .map(({ id, name }) => ({ value: id, label: name, hint: id }))}
            values={some}
            onChange={setSome}
            placeholder={consoles?.length === 1 ? 'No other console is known' : 'Type a name'}
          />
        )}
        {what !== 'bundle' && what !== 'json' && (
          <Combobox
            label="Times in"
            options={zones}
            value={zone}
            onChange={(next) => setZone(next ?? home)}
            help="Every time is written with this zone. Where a line was entered or arrived later, that stands with it."
          />
        )}
        <ErrorLine
          error={error}
          action={
            inTheWay && folder !== null ? (
              <Button onClick={() => void write(folder, true)}>Write over it</Button>
            ) : undefined
          }
        />
        {bundle.busy && <Work />}
        {done !== null && <Written done={done} />}
      </div>
    </Dialog>
  );
}

function Written({ done }: { done: Done }) {
  const { path, bytes } = done.value;
  return (
    <div className={styles.done} role="status">
      <p className={styles.path}>{path}</p>
      {done.as === 'bundle' ? (
        <p className={styles.quiet}>
          {formatSize(bytes)}, {ops(done.value.ops)}, signed by this console
          {done.value.sealedFor === undefined
            ? ''
            : `, sealed for ${done.value.sealedFor.length} ${done.value.sealedFor.length === 1 ? 'console' : 'consoles'}`}
          {done.value.evidence !== undefined && `, ${contentWords(done.value.evidence)}`}.
        </p>
      ) : (
        <>
          <p className={styles.quiet}>
            {formatSize(bytes)}, {done.value.entries.toLocaleString('en')} {done.value.entries === 1 ? 'line' : 'lines'}
            .
          </p>
          {done.value.verified ? (
            <p className={styles.quiet}>The record verified; the file says so at its end.</p>
          ) : (
            <p className={styles.warn}>The record does not verify. The file says so, with what is wrong.</p>
          )}
        </>
      )}
    </div>
  );
}

function zoneOptions(home: string, incident: string | null): Option[] {
  const first = [
    { value: home, hint: 'headquarters' },
    ...(incident === null ? [] : [{ value: incident, hint: 'where it was declared' }]),
    { value: localZone(), hint: 'this machine' },
    { value: 'UTC', hint: '' },
  ];
  const known = new Map(first.toReversed().map(({ value, hint }) => [value, hint]));
  const order = [...new Set([...first.map(({ value }) => value), ...Intl.supportedValuesOf('timeZone')])];
  return order.map((value) => ({ value, label: value, ...(known.get(value) ? { hint: known.get(value)! } : {}) }));
}
