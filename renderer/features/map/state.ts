/** What a person set up on the map; it is kept while other screens show, and forgotten with the window. */
import { create } from 'zustand';
import type { View } from './draw/view.ts';
import { EVERYTHING, type Filter } from './model/filter.ts';

export interface MapState {
  mode: 'map' | 'table';
  filter: Filter;
  legend: boolean;
  /** Where the view was left, and the filter that it was left on. */
  camera: { view: View; filter: Filter } | null;
}

export const MOST_HOPS = 6;

export const useMap = create<MapState>(() => ({ mode: 'map', filter: EVERYTHING, legend: true, camera: null }));

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
