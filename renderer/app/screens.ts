/**
 * Every screen by its id. Invariant: only Situation is in the first bundle; a screen is loaded when it is first opened,
 * so that the console paints before the map, the tables and the forms are read from disk.
 */
import {
  BookOpen,
  Cable,
  Database,
  Scale,
  LayoutDashboard,
  Network,
  Plug,
  ScrollText,
  Settings2,
  Siren,
  Store,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { lazy } from 'react';
import type { ComponentType } from 'react';
import Situation from '../features/situation/index.tsx';
import type { ScreenId } from '../state/navigation.ts';

export interface Screen {
  title: string;
  component: ComponentType;
}

/** Read soon after the start, because it must take the letters that are typed after its key. */
export const loadSearch = () => import('../features/search/index.tsx');

export const SCREENS: Record<ScreenId, Screen> = {
  situation: { title: 'Situation', component: Situation },
  map: { title: 'Map', component: lazy(() => import('../features/map/index.tsx')) },
  incidents: { title: 'Incidents', component: lazy(() => import('../features/incident/list.tsx')) },
  incident: { title: 'Incident', component: lazy(() => import('../features/incident/index.tsx')) },
  stores: { title: 'Stores', component: lazy(() => import('../features/stores/index.tsx')) },
  estate: { title: 'Estate', component: lazy(() => import('../features/estate/index.tsx')) },
  sources: { title: 'Sources', component: lazy(() => import('../features/sources/index.tsx')) },
  link: { title: 'Link', component: lazy(() => import('../features/link/index.tsx')) },
  settings: { title: 'Settings', component: lazy(() => import('../features/settings/index.tsx')) },
  runbooks: { title: 'Runbooks', component: lazy(() => import('../features/runbooks/index.tsx')) },
  policies: { title: 'Policies', component: lazy(() => import('../features/policies/index.tsx')) },
  conflicts: { title: 'Conflicts', component: lazy(() => import('../features/conflicts/index.tsx')) },
  digest: { title: 'While cut off', component: lazy(() => import('../features/digest/index.tsx')) },
  record: { title: 'Record', component: lazy(() => import('../features/record/index.tsx')) },
  breakglass: { title: 'Emergency access', component: lazy(() => import('../features/breakglass/index.tsx')) },
  search: { title: 'Search', component: lazy(loadSearch) },
};

/** The screens of the rail, in its order, each with the keys that go there. */
export const RAIL: readonly { screen: ScreenId; keys: string; icon: LucideIcon }[] = [
  { screen: 'situation', keys: 'g s', icon: LayoutDashboard },
  { screen: 'map', keys: 'g m', icon: Network },
  { screen: 'incidents', keys: 'g i', icon: Siren },
  { screen: 'stores', keys: 'g h', icon: Store },
  { screen: 'estate', keys: 'g e', icon: Database },
  { screen: 'runbooks', keys: 'g r', icon: BookOpen },
  { screen: 'policies', keys: 'g p', icon: Scale },
  { screen: 'sources', keys: 'g o', icon: Plug },
  { screen: 'link', keys: 'g l', icon: Cable },
  { screen: 'record', keys: 'g c', icon: ScrollText },
  { screen: 'settings', keys: 'g t', icon: Settings2 },
];
