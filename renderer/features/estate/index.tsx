/**
 * The estate as lists: who owns what, whom to call, what is hurt, and where it came from. Invariant: everything here is
 * what the catalog's files say plus what the sources see; it is changed by importing, never by hand in two places.
 */
import { lazy, Suspense, useEffect } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { BusinessServices } from './BusinessServices.tsx';
import { Drift } from './Drift.tsx';
import styles from './index.module.css';
import { Maintenance } from './Maintenance.tsx';
import { People } from './People.tsx';
import { Services } from './Services.tsx';
import { Stores } from './Stores.tsx';
import { Teams } from './Teams.tsx';

const Import = lazy(() => import('./Import.tsx'));
const Export = lazy(() => import('./Export.tsx'));

const TABS = ['services', 'business', 'stores', 'teams', 'people', 'drift', 'maintenance'] as const;
type Tab = (typeof TABS)[number];
const TITLES: Record<Tab, string> = {
  services: 'Services',
  business: 'Business services',
  stores: 'Stores',
  teams: 'Teams',
  people: 'People',
  drift: 'Drift',
  maintenance: 'Maintenance',
};

const isTab = (text: string | undefined): text is Tab => TABS.includes(text as Tab);

export default function EstateScreen() {
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const go = useNavigation((state) => state.go);
  const doing = params['do'];
  const tab: Tab = isTab(params['tab']) ? params['tab'] : 'services';
  const map = useQuery('estate.map', {}, ['estate', 'health']);
  const business = useQuery('estate.business', {}, ['estate', 'health']);
  const stores = useQuery('estate.stores', {}, ['estate', 'health']);
  const teams = useQuery('estate.teams', {}, ['estate']);
  const people = useQuery('estate.people', {}, ['estate']);
  const drift = useQuery('estate.drift', { limit: 1 }, ['estate', 'drift']);
  const maintenance = useQuery('maintenance.list', { all: true }, ['estate', 'health']);
  useReady('estate', map.value !== undefined || map.error !== null);

  const importing = (): void => go('estate', { tab, do: 'import' });
  const exporting = (): void => go('estate', { tab, do: 'export' });
  useCommands([
    { id: 'estate.import', title: 'Import catalog', hint: 'files or folders', keys: 'i', run: importing },
    { id: 'estate.export', title: 'Export catalog', hint: 'to a folder', run: exporting },
    ...TABS.map((one) => ({
      id: `estate.${one}`,
      title: `Show ${TITLES[one].toLowerCase()}`,
      hint: 'Estate',
      run: () => replace({ tab: one }),
    })),
  ]);
  useKeys('Estate', [
    { keys: 'i', title: 'Import catalog', run: importing },
    { keys: 'x', title: 'Export catalog', run: exporting },
    { keys: '/', title: 'Find', run: () => document.querySelector<HTMLElement>('[data-estate-search] input')?.focus() },
    ...TABS.map((one, index) => ({ keys: String(index + 1), title: TITLES[one], run: () => replace({ tab: one }) })),
  ]);
  const title = doing === 'import' ? 'Import a catalog' : doing === 'export' ? 'Export the catalog' : 'Estate';
  useEffect(() => {
    document.title = `${title} – Holdfast`;
  }, [title]);

  if (doing === 'import' || doing === 'export') {
    return (
      <Suspense fallback={<Skeleton rows={6} />}>
        {doing === 'import' ? <Import onLeave={() => replace({ tab })} /> : <Export onLeave={() => replace({ tab })} />}
      </Suspense>
    );
  }
  const empty = map.value?.services.length === 0 && people.value?.length === 0 && business.value?.length === 0;
  const reading = (error: { message: string } | null) =>
    error === null ? <Skeleton rows={10} /> : <ErrorLine error={error} />;
  return (
    <div className={styles.screen}>
      {empty !== true && (
        <div className={styles.actions}>
          <Button variant="quiet" keys="x" onClick={exporting}>
            Export
          </Button>
          <Button variant="quiet" keys="i" onClick={importing}>
            Import catalog
          </Button>
        </div>
      )}
      {empty ? (
        <EmptyState
          size="page"
          title="The estate is empty."
          text="Services, teams, stores and who to call come from your catalog: Backstage descriptors and plain YAML, kept under version control."
          action={
            <Button variant="primary" keys="i" onClick={importing}>
              Import a catalog
            </Button>
          }
        />
      ) : (
        <Tabs
          className={styles.tabs}
          label="Parts of the estate"
          value={tab}
          onChange={(next) => replace({ tab: next })}
          tabs={[
            {
              value: 'services',
              label: TITLES.services,
              count: map.value?.services.length,
              panel: map.value === undefined ? reading(map.error) : <Services services={map.value.services} />,
            },
            {
              value: 'business',
              label: TITLES.business,
              count: business.value?.length,
              panel:
                business.value === undefined ? (
                  reading(business.error)
                ) : (
                  <BusinessServices list={business.value} selected={params['id'] ?? null} />
                ),
            },
            {
              value: 'stores',
              label: TITLES.stores,
              count: stores.value?.length,
              panel:
                stores.value === undefined ? (
                  reading(stores.error)
                ) : (
                  <Stores
                    key={params['find']}
                    stores={stores.value}
                    selected={params['id'] ?? null}
                    find={params['find']}
                  />
                ),
            },
            {
              value: 'teams',
              label: TITLES.teams,
              count: teams.value?.length,
              panel:
                teams.value === undefined ? (
                  reading(teams.error)
                ) : (
                  <Teams teams={teams.value} selected={params['id'] ?? null} />
                ),
            },
            {
              value: 'people',
              label: TITLES.people,
              count: people.value?.length,
              panel:
                people.value === undefined ? (
                  reading(people.error)
                ) : (
                  <People
                    key={params['find']}
                    people={people.value}
                    teams={teams.value ?? []}
                    find={params['find']}
                    selected={params['id'] ?? null}
                  />
                ),
            },
            {
              value: 'drift',
              label: TITLES.drift,
              count: drift.value && drift.value.counts.undeclared + drift.value.counts.unseen,
              panel: <Drift selected={params['id'] ?? null} />,
            },
            {
              value: 'maintenance',
              label: TITLES.maintenance,
              count: maintenance.value?.filter(({ state }) => state !== 'over').length,
              panel:
                maintenance.value === undefined ? (
                  reading(maintenance.error)
                ) : (
                  <Maintenance
                    windows={maintenance.value}
                    services={map.value?.services ?? []}
                    selected={params['id'] ?? null}
                  />
                ),
            },
          ]}
        />
      )}
    </div>
  );
}
