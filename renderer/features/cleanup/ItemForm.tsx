/** Adds a cleanup item or changes one: what, how many, whose, until when, and where it can be seen. */
import { useState } from 'react';
import type { CleanupItemView } from '../../../shared/contract/cleanup.ts';
import { CLEANUP_UNITS, CLEANUP_WORDS } from '../../../shared/domain/cleanup.ts';
import { decimals } from '../../../shared/domain/impact/money.ts';
import { parseDuration } from '../../../shared/domain/times.ts';
import type { CleanupKind } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Cleanup.module.css';

const KINDS = Object.keys(CLEANUP_WORDS) as CleanupKind[];

export function ItemForm({ incident, item, onClose }: { incident: string; item?: CleanupItemView; onClose(): void }) {
  const { facts } = useRoom();
  const [kind, setKind] = useState<CleanupKind>(item?.kind ?? 'orders');
  const [title, setTitle] = useState(item?.title ?? '');
  const [count, setCount] = useState(item ? String(item.count) : '');
  const [unit, setUnit] = useState(item?.unit ?? '');
  const [owner, setOwner] = useState(item?.owner?.id ?? '');
  const [due, setDue] = useState('');
  const [value, setValue] = useState(
    item?.moneyMinor == null ? '' : String(item.moneyMinor / 10 ** decimals(item.currency ?? 'EUR')),
  );
  const [currency, setCurrency] = useState(item?.currency ?? 'EUR');
  const [evidence, setEvidence] = useState(item?.evidence ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const number = /^\d{1,12}$/.test(count.trim()) ? Number(count.trim()) : null;
  const length = due.trim() === '' ? null : parseDuration(due.trim());
  const amount = value.trim() === '' ? null : Number(value.replaceAll(',', ''));
  const wrong = {
    count: count.trim() !== '' && number === null ? 'Write a whole number.' : null,
    due: due.trim() !== '' && length === null ? 'Write a length of time, such as 8h or 2h30.' : null,
    value: amount !== null && !(amount >= 0) ? 'Write an amount, such as 1200.50.' : null,
  };
  const ready = title.trim() !== '' && number !== null && Object.values(wrong).every((one) => one === null);
  const save = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    const fields = {
      title,
      count: number,
      unit: unit.trim() === '' ? CLEANUP_UNITS[kind] : unit,
      owner: owner === '' ? null : owner,
      ...(amount === null ? {} : { moneyMinor: Math.round(amount * 10 ** decimals(currency)), currency }),
      ...(length === null ? {} : { dueAt: Date.now() + length }),
      ...(evidence.trim() === '' ? {} : { evidence }),
    };
    const reply = item
      ? await call('cleanup.change', { incident, item: item.id, ...fields })
      : await call('cleanup.add', { incident, kind, ...fields });
    setBusy(false);
    if (reply.ok) onClose();
    else setError(reply.message);
  };
  return (
    <Dialog
      open
      size="wide"
      title={item ? 'Change what is to be put right' : 'What is to be put right?'}
      onClose={onClose}
      footer={
        <Button variant="primary" busy={busy} disabled={!ready} keys="mod+Enter" onClick={() => void save()}>
          {item ? 'Change' : 'Add'}
        </Button>
      }
    >
      <form
        className={styles.form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField label="What" value={title} onChange={setTitle} autoFocus maxLength={500} />
        <div className={styles.pair}>
          {item === undefined && (
            <Select<CleanupKind>
              label="Kind"
              value={kind}
              onChange={setKind}
              options={KINDS.map((one) => ({ value: one, label: CLEANUP_WORDS[one] }))}
            />
          )}
          <Select<string>
            label="Owner"
            value={owner}
            onChange={setOwner}
            options={[
              { value: '', label: 'nobody yet' },
              ...facts.people.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <TextField
            label="How many"
            value={count}
            onChange={setCount}
            inputMode="numeric"
            error={wrong.count}
            help={item ? undefined : 'As far as is known now'}
          />
          <TextField label="Of what" value={unit} onChange={setUnit} placeholder={CLEANUP_UNITS[kind]} maxLength={60} />
          <TextField
            label="Worth (may stay empty)"
            value={value}
            onChange={setValue}
            inputMode="decimal"
            error={wrong.value}
          />
          <TextField label="Currency" value={currency} onChange={setCurrency} maxLength={3} />
          <TextField label="Due in (may stay empty)" value={due} onChange={setDue} placeholder="8h" error={wrong.due} />
        </div>
        <TextArea
          label="Where it can be seen (may stay empty)"
          value={evidence}
          onChange={setEvidence}
          rows={2}
          maxLength={20_000}
        />
        <ErrorLine error={error} />
        <button type="submit" hidden>
          Save
        </button>
      </form>
    </Dialog>
  );
}
