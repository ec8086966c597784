/**
 * Files that are dragged onto the window: bundles and exported incidents, wherever they are let go. Invariants: a part of
 * the screen that takes files itself goes first; nothing is read before it was dropped, nothing taken before it was shown;
 * what is neither is refused with a sentence.
 */
import { useEffect, useState } from 'react';
import { bridge } from '../bridge/client.ts';
import { openTake, useDialogs } from '../state/dialogs.ts';
import styles from './Drop.module.css';

type Over = 'no' | 'take' | 'blocked';

/** Whether another question is open, in which something may have been typed. */
const blocked = (): boolean =>
  useDialogs.getState().open.kind !== 'take' && document.querySelector('[role=dialog]') !== null;

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

function take(dropped: readonly File[]): void {
  const files: string[] = [];
  const refused: string[] = [];
  for (const file of dropped) {
    const path = bridge.pathOf(file);
    if (!/\.(holdfast|json)$/i.test(file.name)) refused.push(notOurs(file.name));
    else if (path === '')
      refused.push(`${file.name} lies in no folder of this machine: save it first, then drop that.`);
    else files.push(path);
  }
  const { open } = useDialogs.getState();
  openTake(open.kind === 'take' ? [...open.files, ...files] : files, refused);
}

function notOurs(name: string): string {
  const instead = /\.ya?ml$/i.test(name) ? ' A catalog is dropped on “Import a catalog” of the Estate screen.' : '';
  return `${name} is no bundle (.holdfast) and no exported incident (.json), so nothing was done with it.${instead}`;
}

export function Drop() {
  const [over, setOver] = useState<Over>('no');
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
      <p className={styles.lead}>{over === 'take' ? 'Drop bundles or exported incidents' : 'A question is open'}</p>
      <p>
        {over === 'take'
          ? 'Files that end in .holdfast or .json, one or several. What is in each is shown before anything is taken.'
          : 'Answer or close it first, then drop the files again.'}
      </p>
    </div>
  );
}
