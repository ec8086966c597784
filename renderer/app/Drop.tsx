/**
 * Files that are dragged onto the window: bundles and exported incidents, wherever they are let go, and in a room whatever
 * else there is, as evidence. Invariants: a part of the screen that takes files itself goes first; nothing is read before it
 * was dropped, nothing taken before it was shown; what nobody takes is refused with a sentence.
 */
import { useEffect, useState } from 'react';
import { bridge } from '../bridge/client.ts';
import { openTake, useDialogs } from '../state/dialogs.ts';
import { useDrops, type DroppedFile, type Taker } from '../state/drops.ts';
import styles from './Drop.module.css';

type Over = 'no' | 'take' | 'blocked';

/** Whether another question is open, in which something may have been typed. */
const blocked = (): boolean =>
  useDialogs.getState().open.kind !== 'take' && document.querySelector('[role=dialog]') !== null;

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

const isBundle = ({ name }: File): boolean => /\.holdfast$/i.test(name);
const nowhere = (name: string): string => `${name} lies in no folder of this machine: save it first, then drop that.`;

function take(dropped: readonly File[]): void {
  const { taker } = useDrops.getState();
  // An open import takes what is dropped; in a room a bundle is a bundle, and all else evidence.
  if (taker !== null && useDialogs.getState().open.kind !== 'take' && !dropped.every(isBundle)) {
    give(taker, dropped);
    return;
  }
  const files: string[] = [];
  const refused: string[] = [];
  for (const file of dropped) {
    const path = bridge.pathOf(file);
    if (!/\.(holdfast|json)$/i.test(file.name)) refused.push(notOurs(file.name));
    else if (path === '') refused.push(nowhere(file.name));
    else files.push(path);
  }
  const { open } = useDialogs.getState();
  openTake(open.kind === 'take' ? [...open.files, ...files] : files, refused);
}

function give(taker: Taker, dropped: readonly File[]): void {
  const files: DroppedFile[] = [];
  const refused: string[] = [];
  for (const file of dropped) {
    const path = bridge.pathOf(file);
    if (isBundle(file)) refused.push(`${file.name} is a bundle: drop it alone to take what is in it.`);
    else if (path === '') refused.push(nowhere(file.name));
    else files.push({ path, name: file.name, size: file.size });
  }
  taker.take(files, refused);
}

function notOurs(name: string): string {
  const instead = /\.ya?ml$/i.test(name) ? ' A catalog is dropped on “Import a catalog” of the Estate screen.' : '';
  return `${name} is no bundle (.holdfast) and no exported incident (.json), so nothing was done with it.${instead}`;
}

export function Drop() {
  const [over, setOver] = useState<Over>('no');
  const lead = useDrops(({ taker }) => taker?.lead);
  const evidence = lead !== undefined && useDialogs.getState().open.kind !== 'take';
  useEffect(() => {
    const drag = (event: DragEvent): void => {
      if (event.defaultPrevented || !hasFiles(event)) return setOver('no');
      event.preventDefault();
      const now = blocked() ? 'blocked' : 'take';
      event.dataTransfer!.dropEffect = now === 'take' ? 'copy' : 'none';
      setOver(now);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver('no');
    };
    const drop = (event: DragEvent): void => {
      setOver('no');
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      if (!blocked()) take([...event.dataTransfer!.files]);
    };
    const listeners = { dragenter: drag, dragover: drag, dragleave: leave, drop } as const;
    // On the window, so that whatever lies beneath has spoken before.
    for (const [type, listener] of Object.entries(listeners))
      window.addEventListener(type as keyof typeof listeners, listener);
    return () => {
      for (const [type, listener] of Object.entries(listeners))
        window.removeEventListener(type as keyof typeof listeners, listener);
    };
  }, []);
  if (over === 'no') return null;
  return (
    <div className={styles.zone} data-over={over} role="status">
      <p className={styles.lead}>
        {over === 'blocked' ? 'A question is open' : evidence ? lead : 'Drop bundles or exported incidents'}
      </p>
      <p>
        {over === 'blocked'
          ? 'Answer or close it first, then drop the files again.'
          : evidence
            ? 'One or several, of any kind. They are shown once more before they are attached. A bundle (.holdfast) is taken as a bundle.'
            : 'Files that end in .holdfast or .json, one or several. What is in each is shown before anything is taken.'}
      </p>
    </div>
  );
}
