/**
 * What somebody was writing. Invariant: words that were typed are lost only when they were sent or deleted: they survive
 * going to another screen, a crash of the window and a restart of the data engine. What is written about a restricted
 * incident never lies on the disk in the clear: it survives all but a crash of the window.
 */
import { create } from 'zustand';

const STORE = 'draft:';
/** Drafts of this many incidents are kept; older ones were left on purpose. */
const KEPT = 50;

const useDrafts = create<{ drafts: Readonly<Record<string, string>> }>(() => ({ drafts: stored() }));

function stored(): Record<string, string> {
  const found: Record<string, string> = {};
  for (let index = 0; index < localStorage.length; index += 1) {
    const key = localStorage.key(index);
    if (key?.startsWith(STORE)) found[key.slice(STORE.length)] = localStorage.getItem(key) ?? '';
  }
  return found;
}

/** The draft for an incident, "" when there is none. */
export const useDraft = (incident: string): string => useDrafts(({ drafts }) => drafts[incident] ?? '');

/** @param sealed of a restricted incident */
export function setDraft(incident: string, text: string, sealed = false): void {
  const drafts = { ...useDrafts.getState().drafts };
  delete drafts[incident];
  if (text !== '') drafts[incident] = text;
  const forgotten = Object.keys(drafts).slice(0, -KEPT);
  for (const key of forgotten) delete drafts[key];
  useDrafts.setState({ drafts });
  try {
    if (text === '' || sealed) localStorage.removeItem(STORE + incident);
    else localStorage.setItem(STORE + incident, text);
    for (const key of forgotten) localStorage.removeItem(STORE + key);
  } catch {
    // The profile's disk is full: the words stay in memory and on screen.
  }
}
