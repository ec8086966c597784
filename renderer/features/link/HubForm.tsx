/** Sets, tries or forgets the hub. What a test says stands before anything is kept. */
import { useRef, useState } from 'react';
import type { HubReport, HubSetting } from '../../../shared/contract/hub.ts';
import type { Input } from '../../../shared/contract/table.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import styles from './Link.module.css';

interface Draft {
  url: string;
  organisation: string;
  user: string;
  credential: string;
  ca: string;
  edge: string;
}

export function HubForm({
  hub,
  organisation,
  onDone,
}: {
  hub: HubSetting | null;
  /** Id of the one that this console belongs to; empty when it belongs to none. */
  organisation: string;
  onDone(): void;
}) {
  const [draft, setDraft] = useState<Draft>({
    url: hub?.url ?? '',
    organisation: hub?.organisation ?? organisation,
    user: hub?.user ?? '',
    credential: '',
    ca: hub?.ca ?? '',
    edge: hub?.edge ?? '',
  });
  const [forget, setForget] = useState(false);
  const [report, setReport] = useState<HubReport | null>(null);
  const [wanting, setWanting] = useState<'url' | 'organisation' | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const save = useCommand('hub.set');
  const test = useCommand('hub.test');
  const away = useCommand('hub.forget');

  const set = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setReport(null);
    setWanting(null);
  };
  const field = (name: keyof Draft) => ({
    ...{ name, mono: true, value: draft[name] },
    onChange: (value: string) => set({ [name]: value }),
  });
  const input = (): Input<'hub.set'> | null => {
    const missing = draft.url.trim() === '' ? 'url' : draft.organisation.trim() === '' ? 'organisation' : null;
    setWanting(missing);
    if (missing !== null) {
      form.current?.querySelector<HTMLInputElement>(`[name="${missing}"]`)?.focus();
      return null;
    }
    const or = (text: string) => (text.trim() === '' ? null : text.trim());
    return {
      url: draft.url.trim(),
      organisation: draft.organisation.trim(),
      user: or(draft.user),
      ca: or(draft.ca),
      edge: or(draft.edge),
      ...(draft.credential !== '' ? { credential: draft.credential } : forget ? { credential: null } : {}),
    };
  };
  const run = async (): Promise<void> => {
    const given = input();
    if (given && (await save.run(given)).ok) onDone();
  };
  const tryOut = async (): Promise<void> => {
    const given = input();
    if (!given) return;
    setReport(null);
    const reply = await test.run(given);
    if (reply.ok) setReport(reply.value);
  };

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label="The hub"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
      }}
    >
      <TextField
        label="Address"
        autoFocus
        {...field('url')}
        placeholder="nats://hub.example:4222"
        help="nats://, tls://, ws:// or wss://; several servers of one hub with commas."
        error={wanting === 'url' ? 'The address is needed.' : null}
      />
      <TextField
        label="Organisation"
        {...field('organisation')}
        placeholder="acme-retail"
        help="The same word on every console."
        error={wanting === 'organisation' ? 'The organisation is needed.' : null}
      />
      <TextArea
        label="Credential, optional"
        rows={3}
        {...field('credential')}
        placeholder={hub?.credential && !forget ? 'Kept on this machine. Leave empty to keep it.' : ''}
        help="An NKEY seed, the content of a .creds file, or a password. It is kept on this machine and shown nowhere."
      />
      {hub?.credential && (
        <div>
          <Button variant="quiet" onClick={() => setForget(!forget)}>
            {forget ? 'Keep it after all' : 'Forget it when saving'}
          </Button>
        </div>
      )}
      <TextField label="User, with a password" {...field('user')} />
      <TextField
        label="Certificate file, optional"
        {...field('ca')}
        placeholder="/etc/holdfast/ca.pem"
        help="Of who signed the hub's certificate, when the system does not know them."
      />
      <TextField
        label="Store's domain, optional"
        {...field('edge')}
        placeholder="store-112"
        help="When the address is a store's own server, a leaf node: its JetStream domain."
      />
      {report !== null && (
        <p className={styles.report} role="status">
          <HealthShape health={report.ok ? 'healthy' : 'failing'} />
          <span>{report.message}</span>
        </p>
      )}
      <ErrorLine error={save.error ?? test.error ?? away.error} />
      <div className={styles.foot}>
        <Button busy={test.busy} onClick={() => void tryOut()}>
          Test
        </Button>
        {hub !== null && (
          <Button
            variant="danger"
            busy={away.busy}
            onClick={() =>
              void away.run({}).then((reply) => {
                if (reply.ok) onDone();
              })
            }
          >
            Forget the hub
          </Button>
        )}
        <span className={styles.space} />
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" type="submit" busy={save.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
