/** Adds or changes a source: the fields are those of its kind, a test says what it would see before anything is kept. */
import { useRef, useState } from 'react';
import type { SourceType, SourceView, TestReport } from '../../../shared/contract/sources.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { configOf, draftOf, missing } from './config.ts';
import type { Draft } from './config.ts';
import styles from './Sources.module.css';
import { TestResult } from './TestResult.tsx';

export interface SourceFormProps {
  types: readonly SourceType[];
  /** The source that is changed; absent: one is added. */
  source?: SourceView;
  onDone(source: string): void;
  onCancel(): void;
}

export function SourceForm({ types, source, onDone, onCancel }: SourceFormProps) {
  const [typeId, setTypeId] = useState(source?.type ?? types[0]?.type ?? '');
  const type = types.find((one) => one.type === typeId);
  const [title, setTitle] = useState(source?.title ?? '');
  const [draft, setDraft] = useState<Draft>(() =>
    source !== undefined && type !== undefined ? draftOf(type, source.config) : {},
  );
  const [forget, setForget] = useState(false);
  const [wanting, setWanting] = useState<string | null>(null);
  const [report, setReport] = useState<TestReport | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const add = useCommand('sources.add');
  const change = useCommand('sources.change');
  const test = useCommand('sources.test');

  if (type === undefined) {
    return (
      <ErrorLine
        error={`This version of Holdfast knows no source of the kind “${typeId}”.`}
        action={<Button onClick={onCancel}>Back</Button>}
      />
    );
  }
  const kept = source?.credential === true && !forget;

  const incomplete = (): boolean => {
    const name = missing(type, draft, kept);
    setWanting(name);
    if (name !== null) form.current?.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)?.focus();
    return name !== null;
  };

  const save = async (): Promise<void> => {
    if (incomplete()) return;
    const { config, credential } = configOf(type, draft);
    const reply =
      source === undefined
        ? await add.run({ type: type.type, title: title.trim() === '' ? undefined : title.trim(), config, credential })
        : await change.run({
            source: source.id,
            title: title.trim(),
            config,
            ...(credential !== undefined ? { credential } : forget ? { credential: null } : {}),
          });
    if (reply.ok) onDone(reply.value.id);
  };

  const tryOut = async (): Promise<void> => {
    if (incomplete()) return;
    setReport(null);
    const { config, credential } = configOf(type, draft);
    const reply = await test.run({
      ...(source !== undefined && !forget ? { source: source.id } : {}),
      type: type.type,
      config,
      credential,
    });
    if (reply.ok) setReport(reply.value);
  };

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label={source === undefined ? 'Add a source' : `Change ${source.title}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          onCancel();
        }
      }}
    >
      <h2 className={styles.formTitle}>{source === undefined ? 'Add a source' : `Change ${source.title}`}</h2>
      {source === undefined && (
        <Select
          label="Kind"
          autoFocus
          options={types.map((one) => ({ value: one.type, label: one.title }))}
          value={typeId}
          onChange={(next) => {
            setTypeId(next);
            setReport(null);
            setWanting(null);
          }}
        />
      )}
      <TextField
        label="Name"
        value={title}
        onChange={setTitle}
        placeholder={type.title}
        autoFocus={source !== undefined}
        maxLength={200}
      />
      {type.fields.map((field) => (
        <div key={`${type.type} ${field.name}`} className={styles.formField}>
          <TextField
            name={field.name}
            label={field.required ? field.title : `${field.title}, optional`}
            type={field.secret ? 'password' : 'text'}
            autoComplete={field.secret ? 'new-password' : 'off'}
            mono
            placeholder={field.secret && kept ? 'Kept on this machine. Leave empty to keep it.' : field.example}
            help={field.help}
            error={wanting === field.name ? `${field.title} is needed.` : null}
            value={draft[field.name] ?? ''}
            onChange={(value) => {
              setDraft({ ...draft, [field.name]: value });
              setReport(null);
              if (wanting === field.name) setWanting(null);
            }}
          />
          {field.secret && source?.credential === true && (
            <Button variant="quiet" onClick={() => setForget(!forget)}>
              {forget ? 'Keep it after all' : 'Forget it when saving'}
            </Button>
          )}
        </div>
      ))}
      {report !== null && <TestResult report={report} />}
      <ErrorLine error={test.error ?? add.error ?? change.error} />
      <div className={styles.formFoot}>
        <Button busy={test.busy} onClick={() => void tryOut()}>
          Test connection
        </Button>
        <span className={styles.space} />
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" type="submit" busy={add.busy || change.busy}>
          {source === undefined ? 'Add source' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
