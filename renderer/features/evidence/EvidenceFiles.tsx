/** Every file that is attached to an incident: what, who, when, how large, where; fetched, saved and checked with a key. */
import { useEffect, useRef, useState } from 'react';
import type { EvidenceChecked, EvidenceView } from '../../../shared/contract/evidence.ts';
import { evidenceSum, evidenceWords, VERDICT_WORDS } from '../../../shared/domain/evidence.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { List } from '../../ui/List.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { attach } from './attach.ts';
import styles from './Evidence.module.css';

/** From so many on they can be searched. */
const MANY = 8;

interface Said {
  ok: boolean;
  text: string;
}

export default function EvidenceFiles({
  incident,
  label,
  onClose,
}: {
  incident: string;
  label: string;
  onClose(): void;
}) {
  const { value, error } = useQuery('evidence.list', { incident }, [`incident:${incident}`]);
  const [find, setFind] = useState('');
  const [busy, setBusy] = useState<string | null>(null);
  /** What came of the last thing that was done with a file, by its hash, or with all of them. */
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const tell = (key: string, text: string, ok = true): void => setSaid((now) => ({ ...now, [key]: { ok, text } }));
  const files = value ?? [];
  // The first row has the focus, so that one key saves or checks.
  const first = useRef<HTMLElement>(null);
  const there = files.length > 0;
  useEffect(() => {
    if (there) first.current?.focus();
  }, [there]);
  const sought = find.trim().toLowerCase();
  const shown = files.filter(
    ({ name, text, by, sha256 }) =>
      sought === '' || `${name}\n${text ?? ''}\n${by.name}\n${sha256}`.toLowerCase().includes(sought),
  );
  const away = files.filter(({ state }) => state === 'elsewhere');

  /** One thing at a time: what was pressed meanwhile is not done. */
  const doing = async (what: string, work: () => Promise<void>): Promise<void> => {
    if (busy !== null) return;
    setBusy(what);
    await work().finally(() => setBusy(null));
  };
  const fetchOne = async (file: EvidenceView): Promise<void> => {
    const reply = await call('evidence.fetch', { incident, file: file.sha256 });
    if (!reply.ok) tell(file.sha256, reply.message, false);
  };
  const fetch = (file: EvidenceView) => doing(`fetch ${file.sha256}`, () => fetchOne(file));
  const fetchAll = () =>
    doing('fetch all', async () => {
      for (const file of away) await fetchOne(file);
    });
  const save = (file: EvidenceView) =>
    doing(`save ${file.sha256}`, async () => {
      const [to] = await bridge.choosePaths('evidence-folder');
      if (to === undefined) return;
      const reply = await call('evidence.save', { incident, file: file.sha256, to });
      if (reply.ok) tell(file.sha256, `Saved as ${reply.value.path}`);
      else tell(file.sha256, reply.message, false);
    });
  const told = ({ sha256, verdict }: EvidenceChecked): void =>
    tell(sha256, `It ${VERDICT_WORDS[verdict]}.`, verdict === 'good');
  const check = (file: EvidenceView) =>
    doing(`check ${file.sha256}`, async () => {
      const reply = await call('evidence.check', { incident, file: file.sha256 });
      if (reply.ok) reply.value.forEach(told);
      else tell(file.sha256, reply.message, false);
    });
  const checkAll = () =>
    doing('check all', async () => {
      const reply = await call('evidence.check', { incident });
      if (!reply.ok) return tell('all', reply.message, false);
      const here = reply.value.filter(({ verdict }) => verdict !== 'missing');
      const bad = here.filter(({ verdict }) => verdict === 'damaged');
      bad.forEach(told);
      tell(
        'all',
        bad.length === 0
          ? `${here.length === 1 ? 'The one' : `All ${here.length.toLocaleString('en')}`} on this machine ${here.length === 1 ? 'is' : 'are'} what was attached.`
          : `${bad.length.toLocaleString('en')} of ${here.length.toLocaleString('en')} on this machine ${bad.length === 1 ? 'is' : 'are'} NOT what was attached; fetch ${bad.length === 1 ? 'it' : 'them'} again.`,
        bad.length === 0,
      );
    });
  const add = () =>
    doing('attach', async () => {
      const reply = await attach(incident, undefined);
      if (reply !== null && !reply.ok) tell('all', reply.message, false);
    });

  return (
    <Dialog
      open
      title={`Evidence of ${label}`}
      size="full"
      initialFocus={first}
      onClose={onClose}
      footer={
        <>
          {away.length > 0 && (
            <Button busy={busy === 'fetch all'} onClick={() => void fetchAll()}>
              Fetch all {away.length.toLocaleString('en')} that are not here
            </Button>
          )}
          {files.some(({ state }) => state === 'here') && (
            <Button busy={busy === 'check all'} onClick={() => void checkAll()}>
              Check all
            </Button>
          )}
          <Button variant="primary" needs="declare" busy={busy === 'attach'} onClick={() => void add()}>
            Attach files …
          </Button>
        </>
      }
    >
      <div
        ref={(box) => {
          first.current = box?.querySelector<HTMLElement>('[role=row][tabindex="0"]') ?? null;
        }}
        className={styles.files}
      >
        <ErrorLine error={error} />
        <Said said={said['all']} />
        {value === undefined && error === null && <Skeleton rows={4} />}
        {files.length > 0 && (
          <div className={styles.sum}>
            <p>
              {evidenceSum(files)}. <Kbd keys="Enter" /> saves or fetches, <Kbd keys="v" /> checks.
            </p>
            {files.length >= MANY && (
              <TextField label="Find" hideLabel placeholder="Find a file" value={find} onChange={setFind} />
            )}
          </div>
        )}
        {value !== undefined && (
          <List
            label="Attached files"
            items={shown}
            keyOf={({ entry }) => entry}
            glow
            onOpen={(file) => {
              if (file.state === 'here') void save(file);
              else if (file.state === 'elsewhere') void fetch(file);
            }}
            onKey={(key, file) => {
              if (key !== 'v') return false;
              void check(file);
              return true;
            }}
            render={(file) => (
              <div className={styles.file}>
                <div className={styles.what}>
                  <bdi dir="ltr" className={styles.name}>
                    {file.name}
                  </bdi>
                  {file.text !== null && <bdi className={styles.text}>{file.text}</bdi>}
                </div>
                <div className={styles.who}>
                  <bdi>{file.by.name}</bdi>
                  <span className={styles.quiet}>
                    <TimeText at={file.at} />
                  </span>
                </div>
                <div className={styles.where}>
                  <span data-away={file.state !== 'here' || undefined}>{evidenceWords(file)}</span>
                  <code title={`SHA-256 ${file.sha256}`}>{file.sha256.slice(0, 12)}</code>
                </div>
                <div className={styles.buttons}>
                  {file.state === 'here' ? (
                    <Button
                      variant="quiet"
                      tabIndex={-1}
                      busy={busy === `save ${file.sha256}`}
                      aria-label={`Save ${file.name}`}
                      onClick={() => void save(file)}
                    >
                      Save …
                    </Button>
                  ) : (
                    file.state === 'elsewhere' && (
                      <Button
                        variant="quiet"
                        tabIndex={-1}
                        busy={busy === `fetch ${file.sha256}`}
                        aria-label={`Fetch ${file.name} from ${file.console.name}`}
                        onClick={() => void fetch(file)}
                      >
                        Fetch
                      </Button>
                    )
                  )}
                  {file.state === 'here' && (
                    <Button
                      variant="quiet"
                      tabIndex={-1}
                      busy={busy === `check ${file.sha256}`}
                      aria-label={`Check ${file.name}`}
                      onClick={() => void check(file)}
                    >
                      Check
                    </Button>
                  )}
                </div>
                {file.problem !== null && <p className={styles.problem}>{file.problem}</p>}
                <Said said={file.problem === null ? said[file.sha256] : undefined} />
              </div>
            )}
            empty={
              files.length === 0 ? (
                <EmptyState
                  title="Nothing is attached."
                  text="Drop files onto the room, or write /attach in the timeline: pictures, logs, exports. Their content is encrypted, and other consoles fetch it when somebody asks for it."
                />
              ) : (
                <EmptyState title={`No file here fits “${find.trim()}”.`} />
              )
            }
          />
        )}
      </div>
    </Dialog>
  );
}

function Said({ said }: { said: Said | undefined }) {
  if (said === undefined) return null;
  return said.ok ? (
    <p className={styles.said} role="status">
      {said.text}
    </p>
  ) : (
    <ErrorLine error={said.text} />
  );
}
