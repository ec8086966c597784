/** What the palette can run beyond the contract's own commands: every screen adds its own while it shows. */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface PaletteCommand {
  id: string;
  /** Imperative: "Show only what is not healthy". */
  title: string;
  /** Where it acts, in the quiet colour. */
  hint?: string;
  /** The key that does the same, as `useKeys` spells it. */
  keys?: string;
  run(): void;
}

export const useCommandList = create<{ lists: readonly (readonly PaletteCommand[])[] }>(() => ({ lists: [] }));

/** Adds commands until the returned function is called. */
export function registerCommands(list: readonly PaletteCommand[]): () => void {
  useCommandList.setState(({ lists }) => ({ lists: [...lists, list] }));
  return () => useCommandList.setState(({ lists }) => ({ lists: lists.filter((one) => one !== list) }));
}

/** Adds a screen's commands while the caller is on screen. */
export function useCommands(list: readonly PaletteCommand[]): void {
  const latest = useRef(list);
  latest.current = list;
  const shape = JSON.stringify(list.map(({ id, title, hint, keys }) => ({ id, title, hint, keys })));
  useEffect(() => {
    const shown = JSON.parse(shape) as Omit<PaletteCommand, 'run'>[];
    return registerCommands(shown.map((one, index) => ({ ...one, run: () => latest.current[index]?.run() })));
  }, [shape]);
}
