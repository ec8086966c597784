/** How this console looks, whose it is, and what it is made of. A change counts at once; what is refused says so beside it. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Input } from '../../../shared/contract/table.ts';
import { STATE_WORDS } from '../../../shared/domain/link/words.ts';
import { useReady } from '../../app/ready.ts';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { localZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Choice } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Clock } from '../../ui/TimeText.tsx';
import { People } from '../access/People.tsx';
import { AtRest } from '../rest/AtRest.tsx';
import { Endpoints } from '../actions/Endpoints.tsx';
import styles from './Settings.module.css';

export default function Settings() {
  const { value: settings, error, retry } = useQuery('settings.get', {}, ['settings']);
  const { value: status } = useQuery('status', {}, ['status', 'sources', 'estate', 'settings']);
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const go = useNavigation((state) => state.go);
  useReady('settings', settings !== undefined && status !== undefined);
  if (settings === undefined || status === undefined) {
    return error === null ? (
      <Skeleton rows={10} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <div className={styles.settings}>
      <Section title="Look">
        <Setting
          render={(set) => (
            <Choice
              label="Theme"
              value={settings.theme}
              onChange={(theme) => set({ theme })}
              options={[
                { value: 'system', label: 'As the system' },
                { value: 'dark', label: 'Dark' },
                { value: 'light', label: 'Light' },
              ]}
            />
          )}
        />
        <Setting
          render={(set) => (
            <Choice
              label="Density"
              value={settings.density}
              onChange={(density) => set({ density })}
              options={[
                { value: 'comfortable', label: 'Comfortable' },
                { value: 'compact', label: 'Compact' },
              ]}
            />
          )}
        />
      </Section>

      <Section title="Who and where">
        {status.access.state === 'open' && (
          <Setting
            render={(set) => (
              <Combobox
                label="Acting as"
                value={settings.actingAs}
                onChange={(actingAs) => set({ actingAs })}
                options={(people ?? []).map(({ id, name, title, teams }) => ({
                  value: id,
                  label: name,
                  hint: [title, teams[0]?.name].filter(Boolean).join(' · '),
                }))}
                placeholder={
                  people?.length === 0 ? 'No people are known yet: they come with the catalog' : 'Nobody in particular'
                }
                help={
                  settings.actingAs === null
                    ? `What is done here is written as ${status.actor.name}.`
                    : 'What is done here is written under this name.'
                }
              />
            )}
          />
        )}
        <Setting
          render={(set) => (
            <Combobox
              label="Zone of headquarters"
              value={settings.headquartersZone}
              onChange={(headquartersZone) => set({ headquartersZone })}
              options={zones()}
              placeholder={`This machine’s: ${localZone()}`}
              help="Times are shown in it, always with its name."
            />
          )}
        />
        <p className={styles.quiet}>
          It is <Clock zone={settings.headquartersZone ?? localZone()} seconds />
        </p>
      </Section>

      <Section title="People & access">
        <People />
      </Section>

      <Section title="Hub">
        <Facts
          facts={[
            {
              name: 'Link',
              value:
                status.link.state === 'alone'
                  ? 'no hub is configured'
                  : `${STATE_WORDS[status.link.state]}${status.link.refusedSince === null ? '' : ', the credentials are refused'}`,
            },
          ]}
        />
        <div className={styles.action}>
          <Button onClick={() => go('link', { do: 'edit' })}>
            {status.link.state === 'alone' ? 'Set the hub' : 'Change address or credentials'}
          </Button>
        </div>
      </Section>

      <Section title="Runbooks">
        <RunbookFolders folders={settings.runbookFolders} data={status.dataDir} />
      </Section>

      <Section title="Endpoints of actions">
        <Endpoints />
      </Section>

      <Section title="This console">
        <Facts
          facts={[
            { name: 'Console', value: <code>{status.console}</code> },
            { name: 'Ops in the log', value: status.ops.toLocaleString('en') },
            { name: 'Own ops', value: status.seq.toLocaleString('en') },
            { name: 'Newest own op', value: status.head === null ? 'none yet' : <code>{status.head}</code> },
            { name: 'Quarantined ops', value: status.quarantined.toLocaleString('en') },
            { name: 'Ops of a newer version', value: status.unknownOps.toLocaleString('en') },
            { name: 'Writable', value: status.writable ? 'yes' : 'no' },
          ]}
        />
        <Rebuild />
      </Section>

      <Section title="Estate">
        <Facts
          facts={[
            {
              name: 'Name',
              value: status.estate.name === '' ? <span className={styles.quiet}>not named</span> : status.estate.name,
            },
            { name: 'Services', value: status.estate.services.toLocaleString('en') },
            { name: 'Dependencies', value: status.estate.dependencies.toLocaleString('en') },
            { name: 'Stores', value: status.estate.stores.toLocaleString('en') },
          ]}
        />
        <Demonstration active={status.estate.demonstration} empty={status.estate.services === 0} />
      </Section>

      <Section title="Encryption">
        <AtRest />
      </Section>

      <Section title="Files and version">
        <Facts
          facts={[
            { name: 'Data folder', value: <code>{status.dataDir}</code> },
            { name: 'Another folder', value: 'start with --data DIR' },
            { name: 'Holdfast', value: status.version },
            { name: 'Schema of the data', value: status.schema },
            { name: 'Electron', value: `${bridge.info.electron}, Chromium ${bridge.info.chromium}` },
          ]}
        />
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.content}>{children}</div>
    </section>
  );
}

/** One setting with its own refusal beside it. */
function Setting({ render }: { render(set: (change: Input<'settings.set'>) => void): ReactNode }) {
  const { run, error } = useCommand('settings.set');
  return (
    <div className={styles.setting}>
      {render((change) => void run(change))}
      <ErrorLine error={error} />
    </div>
  );
}

function RunbookFolders({ folders, data }: { folders: readonly string[]; data: string }) {
  const { run, error, busy } = useCommand('settings.set');
  const add = async (): Promise<void> => {
    const [chosen] = await bridge.choosePaths('runbook-folder');
    if (chosen !== undefined && !folders.includes(chosen)) void run({ runbookFolders: [...folders, chosen] });
  };
  return (
    <div className={styles.action}>
      <Facts
        facts={[
          { name: 'The team’s own', value: <code>{data}/runbooks</code> },
          ...folders.map((folder) => ({
            name: 'Further folder',
            value: (
              <>
                <code>{folder}</code>{' '}
                <Button
                  variant="quiet"
                  aria-label={`Read ${folder} no more`}
                  onClick={() => void run({ runbookFolders: folders.filter((one) => one !== folder) })}
                >
                  Take out
                </Button>
              </>
            ),
          })),
        ]}
      />
      <Button needs="manage-console" busy={busy} onClick={() => void add()}>
        Add a folder
      </Button>
      <p className={styles.quiet}>
        Markdown files are read again whenever they change. A runbook of a folder further down stands instead of one
        with the same id above it, and of those that come with Holdfast.
      </p>
      <ErrorLine error={error} />
    </div>
  );
}

function Rebuild() {
  const rebuild = useCommand('rebuild');
  const [said, setSaid] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    setSaid(null);
    const reply = await rebuild.run({});
    if (reply.ok) {
      const { ops, ms, same } = reply.value;
      setSaid(
        `${ops.toLocaleString('en')} ops replayed in ${(ms / 1000).toFixed(1)} s. The tables ${same ? 'are what they were.' : 'differ from what they were.'}`,
      );
    }
  };
  return (
    <div className={styles.action}>
      <Button needs="manage-console" busy={rebuild.busy} onClick={() => void run()}>
        Rebuild the tables from the log
      </Button>
      <p className={styles.quiet} role="status">
        {said ?? 'When a screen contradicts the log. Nothing in the log changes.'}
      </p>
      <ErrorLine error={rebuild.error} />
    </div>
  );
}

function Demonstration({ active, empty }: { active: boolean; empty: boolean }) {
  const leave = useCommand('estate.leave-demonstration');
  const load = useCommand('estate.load-demonstration');
  const go = useNavigation((state) => state.go);
  const [sure, setSure] = useState(false);
  if (!active && !empty) return null;
  if (!active) {
    return (
      <div className={styles.action}>
        <Button needs="edit-estate" busy={load.busy} onClick={() => void load.run({})}>
          Load the demonstration
        </Button>
        <p className={styles.quiet}>
          An invented grocer with live signals. Every screen says DEMONSTRATION while it runs.
        </p>
        <ErrorLine error={load.error} />
      </div>
    );
  }
  const run = async (): Promise<void> => {
    const reply = await leave.run({});
    setSure(false);
    if (reply.ok) go('situation');
  };
  return (
    <div className={styles.action}>
      {sure ? (
        <div className={styles.sure}>
          <p>Remove the invented estate and stop its signals? What was written in incidents stays in the log.</p>
          <Button autoFocus onClick={() => setSure(false)}>
            Stay
          </Button>
          <Button needs="edit-estate" variant="danger" busy={leave.busy} onClick={() => void run()}>
            Leave the demonstration
          </Button>
        </div>
      ) : (
        <Button onClick={() => setSure(true)}>Leave the demonstration</Button>
      )}
      <ErrorLine error={leave.error} />
    </div>
  );
}

const zones = (() => {
  let list: { value: string; label: string }[] | undefined;
  return () =>
    (list ??= Intl.supportedValuesOf('timeZone').map((value) => ({ value, label: value.replaceAll('_', ' ') })));
})();
