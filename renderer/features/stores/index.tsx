/** Stores. It answers one question first: who can still sell? Then where the others are, and what one of them needs. */
import { lazy, Suspense, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { StoreList, StorePage as Page } from '../../../shared/contract/stores.ts';
import { worthWords } from '../../../shared/domain/selling.ts';
import { formatDuration, formatWhen } from '../../../shared/domain/times.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { useEngine } from '../../bridge/useEngine.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { Grid, Legend } from './Grid.tsx';
import { blocksOf, hurtRegions, type Filter } from './model.ts';
import { Report } from './Report.tsx';
import { StorePage } from './StorePage.tsx';
import styles from './Stores.module.css';

const StoreTable = lazy(() => import('./StoreTable.tsx'));

/** Regions that are named above the grid. */
const WHERE = 5;

const FILTERS: readonly { value: Filter; label: string }[] = [
  { value: 'all', label: 'All stores' },
  { value: 'trouble', label: 'All that do not simply sell' },
  { value: 'cannot', label: 'Cannot sell' },
  { value: 'hindered', label: 'Hindered' },
  { value: 'unknown', label: 'Unknown' },
  { value: 'fallback', label: 'From their own server' },
  { value: 'closed', label: 'Closed now' },
  { value: 'reported', label: 'Reported by a person' },
];

export default function Stores() {
  const { value, error, retry } = useQuery('store.list', {}, ['estate', 'health', 'stores']);
  const engine = useEngine();
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const go = useNavigation((state) => state.go);
  const [find, setFind] = useState('');
  const [active, setActive] = useState<string | null>(params['store'] ?? null);
  const [reporting, setReporting] = useState<Page | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const show = (FILTERS.find((one) => one.value === params['show'])?.value ?? 'all') satisfies Filter;
  const region = params['region'] ?? '';
  const view = params['view'] === 'table' ? 'table' : 'grid';
  const selected = params['store'] ?? null;
  const sought = useDeferredValue(find);
  const blocks = useMemo(
    () => (value === undefined ? [] : blocksOf(value, { show, region, find: sought })),
    [value, show, region, sought],
  );
  useReady('stores', value !== undefined);

  const set = (next: Record<string, string>): void => {
    const merged = { ...params, ...next };
    replace(Object.fromEntries(Object.entries(merged).filter(([, text]) => text !== '')));
  };
  const open = (store: string): void => {
    setRefused(null);
    set({ store });
  };
  const close = (): void => {
    set({ store: '' });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-store][tabindex="0"]')?.focus());
  };
  const report = async (store: string): Promise<void> => {
    const reply = await call('store.show', { store });
    if (reply.ok) setReporting(reply.value);
    setRefused(reply.ok ? null : reply.message);
  };
  const withdraw = async (page: Page): Promise<void> => {
    const reply = await call('store.withdraw', { store: page.id });
    setRefused(reply.ok ? null : reply.message);
  };
  const chosen = selected ?? active;
  const commands = [
    {
      id: 'stores.trouble',
      title: 'Show stores that do not simply sell',
      keys: 't',
      run: () => set({ show: show === 'trouble' ? '' : 'trouble' }),
    },
    {
      id: 'stores.view',
      title: view === 'grid' ? 'Show stores as a table' : 'Show stores as a grid',
      keys: 'v',
      run: () => set({ view: view === 'grid' ? 'table' : '' }),
    },
    ...(chosen === null
      ? []
      : [{ id: 'stores.report', title: 'Report on this store', keys: 'r', run: () => void report(chosen) }]),
  ];
  useCommands(commands.map((command) => ({ ...command, hint: 'Stores' })));
  useKeys('Stores', [
    ...commands,
    { keys: '/', title: 'Find a store', run: () => field.current?.focus() },
    ...(selected === null && (show !== 'all' || region !== '' || find !== '')
      ? [{ keys: 'Escape', title: 'Show all stores', run: () => (setFind(''), set({ show: '', region: '' })) }]
      : []),
  ]);

  if (value === undefined)
    return error !== null && engine.state === 'ready' ? (
      <ErrorLine error={error} onRetry={retry} />
    ) : (
      <Skeleton rows={10} />
    );
  if (value.counts.total === 0) {
    return (
      <EmptyState
        size="page"
        title="No stores are known."
        text="They come with the catalog, each with its region, opening hours, number and the services that it sells with."
        action={
          <Button variant="primary" autoFocus onClick={() => go('estate', { do: 'import' })}>
            Import catalog
          </Button>
        }
      />
    );
  }
  const shown = blocks.reduce((sum, { stores }) => sum + stores.length, 0);
  return (
    <>
      <SplitPane
        id="store-page"
        label="the store"
        initial={480}
        className={styles.panes}
        first={
          <div className={styles.screen}>
            {error !== null && engine.state === 'ready' && (
              <ErrorLine error={`What you see is older than this error: ${error.message}`} onRetry={retry} />
            )}
            {selected === null && <ErrorLine error={refused} />}
            <Answer list={value} onRegion={region === '' ? (id) => set({ region: id, show: 'trouble' }) : null} />
            <div className={styles.bar}>
              <div className={styles.find}>
                <TextField
                  ref={field}
                  label="Find a store"
                  hideLabel
                  placeholder="Number or name"
                  value={find}
                  onChange={setFind}
                  onKeyDown={(event) => {
                    const first = blocks[0]?.stores[0]?.id;
                    if (event.key === 'Enter' && first !== undefined) {
                      event.preventDefault();
                      setActive(first);
                      open(first);
                    } else if (event.key === 'Escape') {
                      setFind('');
                      event.currentTarget.blur();
                    }
                  }}
                />
              </div>
              <Select
                label="Which stores"
                hideLabel
                options={FILTERS}
                value={show}
                onChange={(next) => set({ show: next === 'all' ? '' : next })}
              />
              <Select
                label="Region"
                hideLabel
                options={[
                  { value: '', label: 'Every region' },
                  ...value.regions.map(({ region: one }) => ({ value: one.id, label: one.name })),
                ]}
                value={region}
                onChange={(next) => set({ region: next })}
              />
              <Button keys="v" onClick={() => set({ view: view === 'grid' ? 'table' : '' })}>
                {view === 'grid' ? 'Table' : 'Grid'}
              </Button>
              <span className={styles.shown} role="status">
                {shown === value.counts.total
                  ? `${shown.toLocaleString('en')} stores`
                  : `${shown.toLocaleString('en')} of ${value.counts.total.toLocaleString('en')} stores`}
              </span>
            </div>
            <div className={styles.body}>
              {shown === 0 ? (
                <EmptyState title="No store is like that." text="Esc shows all of them." />
              ) : view === 'table' ? (
                <Suspense fallback={<Skeleton rows={10} />}>
                  <StoreTable blocks={blocks} selected={selected} onOpen={open} onActive={setActive} />
                </Suspense>
              ) : (
                <Grid
                  blocks={blocks}
                  total={value.counts.total}
                  active={active}
                  selected={selected}
                  onActive={setActive}
                  onOpen={open}
                  onKey={(key, id) => {
                    if (key !== 'r') return false;
                    void report(id);
                    return true;
                  }}
                />
              )}
            </div>
            {view === 'grid' && (
              <div className={styles.legend}>
                <Legend />
              </div>
            )}
          </div>
        }
        second={
          selected !== null && (
            <StorePage
              key={selected}
              store={selected}
              refused={refused}
              onClose={close}
              onReport={setReporting}
              onWithdraw={(page) => void withdraw(page)}
            />
          )
        }
      />
      {reporting !== null && (
        <Report
          store={reporting.id}
          name={`${reporting.number ?? ''} ${reporting.name}`.trim()}
          onClose={() => setReporting(null)}
        />
      )}
    </>
  );
}

/** "106 sell · 14 unknown · 0 closed", what waits, and as of when. */
function Answer({ list, onRegion }: { list: StoreList; onRegion: ((region: string) => void) | null }) {
  const now = useNow();
  const zone = useZone();
  const { buffered } = list;
  const hurt = onRegion === null ? [] : hurtRegions(list);
  return (
    <header className={styles.answer}>
      <p className={styles.headline}>{list.answer}</p>
      <p className={styles.quiet}>
        {buffered.stores > 0 && buffered.count > 0 && (
          <>
            {buffered.count === 1 ? '1 transaction waits' : `${buffered.count.toLocaleString('en')} transactions wait`}{' '}
            to be sent
            {worthWords(buffered) !== null && `, ${worthWords(buffered)}`}
            {buffered.oldestAt !== null && `, the oldest ${formatDuration(Math.max(0, now - buffered.oldestAt))} old`}
            {buffered.stores < list.counts.total && `, as ${buffered.stores} of ${list.counts.total} stores say`} ·{' '}
          </>
        )}
        as of {formatWhen(list.asOf, zone, now, { seconds: true })}
      </p>
      {hurt.length > 0 && (
        <p className={styles.where}>
          <span className={styles.quiet}>not simply selling:</span>
          {hurt.slice(0, WHERE).map(({ id, name, stores, total }) => (
            <button key={id} type="button" className={styles.whereRegion} onClick={() => onRegion?.(id)}>
              {name} <b>{stores.toLocaleString('en')}</b> of {total.toLocaleString('en')}
            </button>
          ))}
          {hurt.length > WHERE && <span className={styles.quiet}>and {hurt.length - WHERE} more regions</span>}
        </p>
      )}
    </header>
  );
}
