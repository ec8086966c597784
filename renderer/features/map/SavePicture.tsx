/** Saves the map as a picture: SVG to be enlarged and searched, PNG to be pasted anywhere. */
import { useState } from 'react';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { pngOf } from './picture.ts';

export interface SavePictureProps {
  open: boolean;
  /** The SVG document; null while there is no map. */
  picture(): string | null;
  onClose(): void;
}

export function SavePicture({ open, picture, onClose }: SavePictureProps) {
  const { run, busy, error, clear } = useCommand('map.save');
  const [saved, setSaved] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const close = (): void => {
    setSaved(null);
    setFailed(null);
    clear();
    onClose();
  };
  const save = async (format: 'svg' | 'png'): Promise<void> => {
    setSaved(null);
    setFailed(null);
    const svg = picture();
    if (svg === null) return;
    const [to] = await bridge.choosePaths('picture-folder');
    if (to === undefined) return;
    try {
      const reply = await run({ to, format, content: format === 'svg' ? svg : await pngOf(svg) });
      if (reply.ok) setSaved(reply.value.path);
    } catch (cause) {
      setFailed(`The picture could not be drawn: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  };
  return (
    <Dialog
      open={open}
      title="Save a picture of the map"
      onClose={close}
      footer={
        <>
          <Button busy={busy} onClick={() => void save('png')}>
            PNG
          </Button>
          <Button variant="primary" busy={busy} autoFocus onClick={() => void save('svg')}>
            SVG
          </Button>
        </>
      }
    >
      <p>
        All that is shown under this filter, with its health and the time it was true. Choose a format, then a folder.
      </p>
      {saved !== null && (
        <output>
          Saved as <b>{saved}</b>
        </output>
      )}
      <ErrorLine error={failed ?? error} />
    </Dialog>
  );
}
