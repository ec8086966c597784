/** Where this console sends the requests of actions. A credential is entered here and never shown again. */
import { useState } from 'react';
import type { EndpointView } from '../../../shared/contract/actions.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { call } from '../../bridge/client.ts';
import styles from './Actions.module.css';

export function Endpoints() {
  const { value, error } = useQuery('endpoint.list', {}, ['endpoints']);
  const [open, setOpen] = useState<EndpointView | 'new' | null>(null);
  return (
    <>
      <ErrorLine error={error} />
      {value?.length === 0 && open === null && (
        <p className={styles.quiet}>
          None yet. An endpoint is a tool that actions call: the deployer, the platform, the traffic manager.
        </p>
      )}
      <ul className={styles.endpoints}>
        {value?.map((one) => (
          <li key={one.id}>
            <Endpoint endpoint={one} onChange={() => setOpen(one)} />
          </li>
        ))}
      </ul>
      {open === null ? (
        <div className={styles.buttons}>
          <Button needs="manage-console" onClick={() => setOpen('new')}>
            Add an endpoint
          </Button>
        </div>
      ) : (
        <EndpointForm
          key={open === 'new' ? 'new' : open.id}
          endpoint={open === 'new' ? null : open}
          onDone={() => setOpen(null)}
        />
      )}
    </>
  );
}

function Endpoint({ endpoint, onChange }: { endpoint: EndpointView; onChange(): void }) {
  const { id, title, url, credential, unencrypted, message } = endpoint;
  const [said, setSaid] = useState<string | null>(null);
  const remove = useCommand('endpoint.remove');
  const [sure, setSure] = useState(false);
  return (
    <>
      <p>
        <strong>{id}</strong> {title === id ? '' : `${title} `}
        {url}
      </p>
      <p className={styles.quiet} role="status">
        {credential ? 'A credential is kept.' : 'No credential.'} {unencrypted && 'Not encrypted on the way.'}{' '}
        {said ?? message}
      </p>
      <div className={styles.buttons}>
        <Button
          onClick={() =>
            void call('endpoint.test', { endpoint: id }).then((reply) =>
              setSaid(reply.ok ? reply.value.message : reply.message),
            )
          }
        >
          Test connection
        </Button>
        <Button needs="manage-console" onClick={onChange}>
          Change
        </Button>
        {sure ? (
          <Button variant="danger" busy={remove.busy} onClick={() => void remove.run({ endpoint: id })}>
            Remove {id} and its credential
          </Button>
        ) : (
          <Button variant="quiet" onClick={() => setSure(true)}>
            Remove
          </Button>
        )}
      </div>
      <ErrorLine error={remove.error} />
    </>
  );
}

function EndpointForm({ endpoint, onDone }: { endpoint: EndpointView | null; onDone(): void }) {
  const [id, setId] = useState(endpoint?.id ?? '');
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [credential, setCredential] = useState('');
  const [plain, setPlain] = useState(endpoint?.unencrypted ?? false);
  const add = useCommand('endpoint.add');
  const change = useCommand('endpoint.change');
  const submit = async (): Promise<void> => {
    const secret = credential === '' ? {} : { credential };
    const reply =
      endpoint === null
        ? await add.run({ endpoint: id.trim(), url, unencrypted: plain, ...secret })
        : await change.run({ endpoint: endpoint.id, url, unencrypted: plain, ...secret });
    if (reply.ok) onDone();
  };
  return (
    <form
      className={styles.form}
      noValidate
      aria-label={endpoint === null ? 'Add an endpoint' : `Change ${endpoint.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {endpoint === null && (
        <TextField
          label="Name"
          mono
          autoFocus
          value={id}
          onChange={setId}
          placeholder="deployer"
          help="As requests name it: {{endpoint.deployer}}."
        />
      )}
      <TextField label="Address" mono value={url} onChange={setUrl} placeholder="https://deploy.example/api" />
      <TextField
        label="Credential, optional"
        type="password"
        autoComplete="new-password"
        mono
        value={credential}
        onChange={setCredential}
        placeholder={
          endpoint?.credential ? 'Kept on this machine. Leave empty to keep it.' : 'a token, or user:password'
        }
        help="Kept on this machine only, and sent to this address only."
      />
      <label>
        <input type="checkbox" checked={plain} onChange={(event) => setPlain(event.target.checked)} /> Allow http://,
        where requests and the credential can be read on the way
      </label>
      <ErrorLine error={add.error ?? change.error} />
      <div className={styles.buttons}>
        <Button variant="primary" type="submit" busy={add.busy || change.busy}>
          {endpoint === null ? 'Add endpoint' : 'Save'}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
