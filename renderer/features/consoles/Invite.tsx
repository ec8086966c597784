/** Making a code with which one console can ask to join. */
import { useRef, useState } from 'react';
import type { Invited } from '../../../shared/contract/consoles.ts';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

type As = 'text' | 'file' | 'credential';

const HOURS = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '1 week' },
] as const;

export function Invite({ hub, onClose }: { hub: string | null; onClose(): void }) {
  const [note, setNote] = useState('');
  const [hours, setHours] = useState<(typeof HOURS)[number]['value']>('24');
  const [as, setAs] = useState<As>('text');
  const [invited, setInvited] = useState<Invited | null>(null);
  const invite = useCommand('console.invite');
  const run = async (): Promise<void> => {
    let file: string | undefined;
    if (as !== 'text') {
      const [folder] = await bridge.choosePaths('record-folder');
      if (folder === undefined) return;
      const name = (note.trim() || 'join').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
      file = `${folder}${bridge.platform === 'win32' ? '\\' : '/'}${name}-${Date.now().toString(36)}.holdfast-join`;
    }
    const reply = await invite.run({
      hours: Number(hours),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
      ...(file === undefined ? {} : { file, withCredential: as === 'credential' }),
    });
    if (reply.ok) setInvited(reply.value);
  };
  if (invited !== null) return <Given invited={invited} onClose={onClose} />;
  return (
    <Dialog open title="Invite a console" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <p className={styles.quiet}>
          A code lets one console ask. It is let in when somebody here has compared its words.{' '}
          {hub === null ? 'There is no hub, so its request will come as a bundle.' : `It will reach the hub at ${hub}.`}
        </p>
        <TextField
          label="For whom, optional"
          value={note}
          onChange={setNote}
          autoFocus
          maxLength={200}
          placeholder="Store 112, back office"
        />
        <Choice label="It can be used for" value={hours} onChange={setHours} options={HOURS} />
        <Choice<As>
          label="Hand it out as"
          value={as}
          onChange={setAs}
          options={[
            { value: 'text', label: 'Text' },
            { value: 'file', label: 'Text and file' },
            ...(hub === null ? [] : [{ value: 'credential' as const, label: "File with the hub's credential" }]),
          ]}
        />
        {as === 'credential' && (
          <p className={styles.warn}>
            Whoever has the file gets into the hub as this console does. Hand it over in person, and delete it
            afterwards.
          </p>
        )}
        <ErrorLine error={invite.error} />
        <div className={styles.row}>
          <Button type="submit" variant="primary" keys="Enter" busy={invite.busy}>
            {as === 'text' ? 'Make the code' : 'Choose a folder'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Given({ invited, onClose }: { invited: Invited; onClose(): void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    area.current?.select();
    setCopied(document.execCommand('copy'));
  };
  return (
    <Dialog
      open
      title="The code"
      size="wide"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Done</Button>
          <Button variant="primary" autoFocus onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        {invited.code === '' && (
          <p className={styles.warn}>
            The engine stopped before it could be shown, and the code is not kept anywhere: withdraw it and make
            another.
          </p>
        )}
        <textarea
          ref={area}
          className={styles.code}
          aria-label="Join code"
          readOnly
          rows={Math.max(1, Math.ceil(invited.code.length / 62))}
          spellCheck={false}
          value={invited.code.replaceAll('-', ' ')}
          onFocus={(event) => event.currentTarget.select()}
        />
        <p>
          It lets one console ask until <TimeText at={invited.expires} />. It is shown only now; every group of six
          checks itself, so it can be read out and typed.
        </p>
        {invited.file !== null && (
          <p>
            It is in <code>{invited.file}</code>
            {invited.withCredential ? ', with a secret for the hub.' : '.'}
          </p>
        )}
      </div>
    </Dialog>
  );
}
