/**
 * Where things stood on the map, kept on this machine from start to start. Invariant: only a hint: whatever goes wrong with it, the
 * map is laid out as if nothing had been kept; and it never holds up the map for longer than {@link PATIENCE}.
 */
import type { Places } from '../../shared/domain/layout/layout.ts';

const NAME = 'map-places';
const STORE = 'places';
/** Arrangements that are kept; the one that was not used for longest goes first. */
const MOST = 24;
/** ms */
const PATIENCE = 500;

interface Kept {
  key: string;
  usedAt: number;
  places: Places;
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE, { keyPath: 'key' }));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no store')));
  }));
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no answer')));
  });
}

/** What was kept for an arrangement; null when there is nothing, or nothing in time. */
export async function loadPlaces(key: string): Promise<Places | null> {
  const read = async (): Promise<Places | null> => {
    const store = (await open()).transaction(STORE).objectStore(STORE);
    const kept = (await done(store.get(key))) as Kept | undefined;
    return kept?.places.services instanceof Map ? kept.places : null;
  };
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  return Promise.race([read().catch(() => null), late]);
}

export async function savePlaces(key: string, places: Places): Promise<void> {
  try {
    const store = (await open()).transaction(STORE, 'readwrite').objectStore(STORE);
    await done(store.put({ key, usedAt: Date.now(), places } satisfies Kept));
    const count = await done(store.count());
    if (count <= MOST) return;
    const all = (await done(store.getAll())) as Kept[];
    all.sort((a, b) => a.usedAt - b.usedAt);
    for (const { key: old } of all.slice(0, count - MOST)) store.delete(old);
  } catch {
    return;
  }
}
