/** What narrows a search down: who, when, what kind, in which incident. Each is a step of the Tab key. */
import { useMemo } from 'react';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Filters.module.css';
import { isNarrowed, KINDS, onlyNames, WHEN, type Params } from './filters.ts';

export function Filters({ params, set }: { params: Params; set(change: Record<string, string>): void }) {
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const { value: incidents } = useQuery('incident.list', { all: true }, ['incidents']);
  const persons = useMemo(
    () => (people ?? []).map(({ id, name, title }) => ({ value: id, label: name, hint: title })),
    [people],
  );
  const within = useMemo(
    () => (incidents ?? []).map(({ id, label, title }) => ({ value: id, label: `${label} ${title}` })),
    [incidents],
  );
  const names = onlyNames(params);
  const when = params['when'] ?? '';
  return (
    <div className={styles.filters} role="group" aria-label="Narrow down">
      <Select
        label="What"
        hideLabel
        className={styles.select}
        value={params['kind'] ?? ''}
        onChange={(kind) => set({ kind })}
        options={KINDS}
      />
      <Combobox
        label="Who"
        hideLabel
        className={styles.who}
        disabled={names}
        placeholder="By anybody"
        value={params['who'] || null}
        onChange={(who) => set({ who: who ?? '' })}
        options={persons}
      />
      <Combobox
        label="Incident"
        hideLabel
        className={styles.within}
        disabled={names}
        placeholder="In any incident"
        value={params['within'] || null}
        onChange={(incident) => set({ within: incident ?? '' })}
        options={within}
      />
      <Select
        label="When"
        hideLabel
        className={styles.select}
        disabled={names}
        value={when}
        onChange={(next) => set({ when: next })}
        options={WHEN}
      />
      {when === 'between' && !names && (
        <>
          <TextField
            label="From"
            hideLabel
            type="date"
            className={styles.date}
            value={params['from'] ?? ''}
            onChange={(from) => set({ from })}
          />
          <TextField
            label="To"
            hideLabel
            type="date"
            className={styles.date}
            value={params['to'] ?? ''}
            onChange={(to) => set({ to })}
          />
        </>
      )}
      {isNarrowed(params) && (
        <Button variant="quiet" onClick={() => set({ kind: '', who: '', within: '', when: '', from: '', to: '' })}>
          Search everything
        </Button>
      )}
    </div>
  );
}
