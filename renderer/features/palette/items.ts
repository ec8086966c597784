/** Everything that the palette can reach, in the order in which it is offered before anything is typed. */
import { createElement, useEffect, useMemo, useState } from 'react';
import { useCommandList } from '../../app/commands.ts';
import { RAIL, SCREENS } from '../../app/screens.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { KIND_WORDS } from '../../ui/words.ts';
import type { Flow, Jump } from './flow.ts';
import { everyCommand } from './flows.ts';

export interface Item extends Jump {
  id: string;
  group:
    | 'This screen'
    | 'Commands'
    | 'Screens'
    | 'Incidents'
    | 'Business services'
    | 'Services'
    | 'People'
    | 'Teams'
    | 'Stores'
    | 'Runbooks';
  flow?: Flow;
}

/**
 * What is read for the palette when it opens; a list that cannot be read is left out. `complete`: nothing more is to come.
 */
export function useItems(): { items: Item[]; complete: boolean } {
  const { go } = useNavigation.getState();
  const screenLists = useCommandList((state) => state.lists);
  const incidentsRead = useQuery('incident.list', { all: true }, ['incidents']);
  const mapRead = useQuery('estate.map', {}, ['estate']);
  const businessRead = useQuery('estate.business', {}, ['estate']);
  const peopleRead = useQuery('estate.people', {}, ['estate']);
  const teamsRead = useQuery('estate.teams', {}, ['estate']);
  const runbooksRead = useQuery('runbook.list', {}, ['runbooks']);
  const stores = useStores();
  const reads = [incidentsRead, mapRead, businessRead, peopleRead, teamsRead, runbooksRead];
  const complete = stores !== null && reads.every(({ value, error }) => value !== undefined || error !== null);
  const [incidents, map, business, people, teams, runbooks] = [
    incidentsRead.value,
    mapRead.value,
    businessRead.value,
    peopleRead.value,
    teamsRead.value,
    runbooksRead.value,
  ];
  const commands = useMemo(() => everyCommand(), []);

  const items = useMemo(() => {
    const nothing = (): void => undefined;
    const onScreen = new Set(screenLists.flat().map(({ title }) => title));
    return [
      ...screenLists
        .flat()
        .map((one): Item => ({ ...one, id: `screen ${one.id}`, group: 'This screen', jump: one.run })),
      ...commands.flatMap(([name, entries]) =>
        entries
          .filter(({ title }) => !onScreen.has(title))
          .map((entry, index): Item => {
            const id = `${name} ${index}`;
            return 'jump' in entry
              ? { ...entry, id, group: 'Commands' }
              : {
                  id,
                  group: 'Commands',
                  title: entry.title,
                  hint: entry.hint,
                  also: entry.also,
                  flow: entry,
                  jump: nothing,
                };
          }),
      ),
      ...RAIL.map(({ screen, keys }): Item => ({
        id: `go ${screen}`,
        group: 'Screens',
        title: SCREENS[screen].title,
        also: 'go to screen',
        keys,
        jump: () => go(screen),
      })),
      ...(incidents ?? []).map((one): Item => ({
        id: `incident ${one.id}`,
        group: 'Incidents',
        title: `${one.label} ${one.title}`,
        hint: one.status,
        mark: createElement(SeverityMark, { severity: one.severity }),
        jump: () => go('incident', { incident: one.id }),
      })),
      ...(business ?? []).map((one): Item => ({
        id: `business ${one.id}`,
        group: 'Business services',
        title: one.name,
        also: one.id,
        mark: createElement(HealthMark, { health: one.health.health, word: false }),
        jump: () => go('estate', { tab: 'business', id: one.id }),
      })),
      ...(map?.services ?? []).map((one): Item => ({
        id: `service ${one.id}`,
        group: 'Services',
        title: one.name,
        also: `${one.id} ${one.owner?.name ?? ''}`,
        hint: [KIND_WORDS[one.kind], one.owner?.name].filter(Boolean).join(' · '),
        mark: createElement(HealthMark, { health: one.health.health, word: false }),
        jump: () => go('map', { service: one.id }),
      })),
      ...(people ?? []).map((one): Item => ({
        id: `person ${one.id}`,
        group: 'People',
        title: one.name,
        also: [one.email, ...one.teams.map(({ name }) => name)].join(' '),
        hint: [one.title, one.phone].filter(Boolean).join(' · '),
        jump: () => go('estate', { tab: 'people', find: one.name }),
      })),
      ...(teams ?? []).map((one): Item => ({
        id: `team ${one.id}`,
        group: 'Teams',
        title: one.name,
        hint: one.onCall[0] === undefined ? undefined : `on call: ${one.onCall[0].person.name}`,
        jump: () => go('estate', { tab: 'teams', id: one.id }),
      })),
      ...(stores ?? []).map((one): Item => ({
        id: `store ${one.id}`,
        group: 'Stores',
        title: one.name,
        also: `${one.id} ${one.region?.name ?? ''}`,
        hint: [one.region?.name, one.phone].filter(Boolean).join(' · '),
        mark: createElement(HealthMark, { health: one.health.health, word: false }),
        jump: () => go('estate', { tab: 'stores', find: one.name }),
      })),
      ...(runbooks ?? []).map((one): Item => ({
        id: `runbook ${one.id}`,
        group: 'Runbooks',
        title: one.title,
        also: one.summary,
        hint: `${one.steps} steps`,
        jump: () => go('runbooks', { runbook: one.id }),
      })),
    ];
  }, [screenLists, commands, incidents, map, business, people, teams, stores, runbooks, go]);
  return { items, complete };
}

type Store = Extract<Awaited<ReturnType<typeof call<'estate.stores'>>>, { ok: true }>['value'][number];

/** Stores are read once per opening: there are many, and only their names matter here. Null while they are read. */
function useStores(): readonly Store[] | null {
  const [stores, setStores] = useState<readonly Store[] | null>(null);
  useEffect(() => {
    let here = true;
    void call('estate.stores', {}).then((reply) => {
      if (here) setStores(reply.ok ? reply.value : []);
    });
    return () => {
      here = false;
    };
  }, []);
  return stores;
}
