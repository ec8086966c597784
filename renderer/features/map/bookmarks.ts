/** Named views of the map, kept on this machine. Invariant: what is not understood is left out, never fatal. */
import { create } from 'zustand';
import type { Lanes } from '../../../shared/domain/layout/lanes.ts';
import type { View } from './draw/view.ts';
import { EVERYTHING, type Filter } from './model/filter.ts';
import { type Grouping, UNGROUPED } from './model/grouping.ts';

export interface Bookmark {
  name: string;
  filter: Filter;
  lanes: Lanes;
  grouping: Grouping;
  view: View | null;
  service: string | null;
}

const STORE = 'map:bookmarks';
const MOST = 50;

function read(): Bookmark[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.flatMap((one: Partial<Bookmark> | null) =>
      typeof one?.name === 'string'
        ? [
            {
              name: one.name,
              filter: { ...EVERYTHING, ...one.filter },
              lanes: one.lanes ?? 'kind',
              grouping: { ...UNGROUPED, ...one.grouping },
              view: one.view ?? null,
              service: one.service ?? null,
            },
          ]
        : [],
    );
  } catch {
    return [];
  }
}

export const useBookmarks = create<{ list: readonly Bookmark[] }>(() => ({ list: read() }));

function keep(list: readonly Bookmark[]): void {
  useBookmarks.setState({ list });
  localStorage.setItem(STORE, JSON.stringify(list));
}

/** Adds a bookmark, or replaces that of the same name. */
export function addBookmark(bookmark: Bookmark): void {
  const { list } = useBookmarks.getState();
  const others = list.filter(({ name }) => name !== bookmark.name);
  keep([...others, bookmark].slice(-MOST));
}

export function removeBookmark(name: string): void {
  keep(useBookmarks.getState().list.filter((bookmark) => bookmark.name !== name));
}
