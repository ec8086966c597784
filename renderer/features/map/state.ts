/** What a person set up on the map; it is kept while other screens show, and forgotten with the window. */
import { create } from 'zustand';
import type { Lanes } from '../../../shared/domain/layout/lanes.ts';
import type { View } from './draw/view.ts';
import { EVERYTHING, type Filter } from './model/filter.ts';
import { type GroupBy, type Grouping, UNGROUPED } from './model/grouping.ts';

/** Which health the map shows: that of now; that of an instant; that of now against that of an instant, ms. */
export type Moment =
  | { mode: 'now' }
  | { mode: 'replay'; at: number | null; hours: number }
  | { mode: 'compare'; at: number | null };

export interface MapState {
  mode: 'map' | 'table' | 'tree';
  filter: Filter;
  lanes: Lanes;
  grouping: Grouping;
  moment: Moment;
  legend: boolean;
  /** Grows when the map is to be arranged as if it had never been seen. */
  anew: number;
  /** Where the view was left, and the filter that it was left on. */
  camera: { view: View; filter: Filter } | null;
}

export const MOST_HOPS = 6;
const NOW: Moment = { mode: 'now' };

export const useMap = create<MapState>(() => ({
  mode: 'map',
  filter: EVERYTHING,
  lanes: 'kind',
  grouping: UNGROUPED,
  moment: NOW,
  legend: true,
  anew: 0,
  camera: null,
}));

export function setFilter(change: Partial<Filter>): void {
  useMap.setState(({ filter }) => ({ filter: { ...filter, ...change } }));
}

export function showEverything(): void {
  useMap.setState({ filter: EVERYTHING });
}

/** Shows one service and what is near it. */
export function focusOn(service: string): void {
  setFilter({ show: 'focus', focus: service, domain: null, tier: null });
}

export function groupBy(by: GroupBy): void {
  useMap.setState({ grouping: { by, open: [] } });
}

/** Draws a group as one box, or its services one by one. */
export function toggleGroup(id: string): void {
  useMap.setState(({ grouping }) => ({
    grouping: {
      ...grouping,
      open: grouping.open.includes(id) ? grouping.open.filter((one) => one !== id) : [...grouping.open, id].sort(),
    },
  }));
}

export function openGroup(id: string): void {
  if (!useMap.getState().grouping.open.includes(id)) toggleGroup(id);
}

export function backToNow(): void {
  useMap.setState(({ filter }) => ({
    moment: NOW,
    filter: filter.show === 'changed' ? { ...filter, show: 'all' } : filter,
  }));
}
