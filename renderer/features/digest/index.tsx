/**
 * What happened while this console was cut off, or came with a bundle. It answers one question first: what do I have to
 * settle, and what did the others do meanwhile? Invariant: it stays until somebody says that it was read.
 */
import { useEffect, useRef } from 'react';
import type { DigestView } from '../../../shared/contract/digest.ts';
import { useReady } from '../../app/ready.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { STATUS_WORDS } from '../../ui/words.ts';
import styles from './Digest.module.css';

export default function Digest() {
  const { go, back } = useNavigation();
  const { value, error, retry } = useQuery('digest', {}, ['status', 'incidents']);
  const read = useCommand('digest.read');
  const box = useRef<HTMLDivElement>(null);
  const digest = value?.digest ?? null;
  const there = digest !== null;
  const done = async (): Promise<void> => {
    const reply = await read.run({});
    if (reply.ok) go('situation');
  };
  useReady('digest', value !== undefined);
  useKeys('What happened', [
    ...(there ? [{ keys: 'y', title: 'It is read: put it away', run: () => void done() }] : []),
    ...(there && digest.conflicts.length > 0
      ? [{ keys: 'c', title: 'Settle what is contested', run: () => go('conflicts') }]
      : []),
    { keys: 'Escape', title: 'Back', run: back },
  ]);
  useEffect(() => {
    if (there) box.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus();
  }, [there]);
  if (value === undefined) return error === null ? <Skeleton rows={8} /> : <ErrorLine error={error} onRetry={retry} />;
  if (digest === null)
    return (
      <EmptyState
        size="page"
        title="Nothing waits to be read."
        text="What others did while this console is cut off, or what comes with a bundle, is told here when it is back."
      />
    );
  return (
    <div ref={box} className={styles.screen}>
      <header className={styles.head}>
        <p className={styles.headline}>{digest.headline}</p>
        <Button variant="primary" keys="y" busy={read.busy} onClick={() => void done()}>
          Read
        </Button>
      </header>
      <ErrorLine error={read.error ?? error} />
      <div className={styles.columns}>
        <Others digest={digest} />
        <div className={styles.side}>
          <Settle digest={digest} />
          <Again digest={digest} />
          <Ours digest={digest} />
          <KeptOut digest={digest} />
        </div>
      </div>
    </div>
  );
}

function Others({ digest }: { digest: DigestView }) {
  const go = useNavigation((state) => state.go);
  const { incidents, moreIncidents, consoles, estate } = digest;
  return (
    <Panel
      title="What others did"
      note={consoles.map(({ name, ops }) => `${name} ${ops.toLocaleString('en')}`).join(', ') || undefined}
      className={styles.others}
    >
      <List
        label="What others did, by incident"
        items={incidents}
        keyOf={({ id }) => id}
        main
        onOpen={({ id }) => go('incident', { incident: id })}
        render={(incident) => (
          <div className={styles.incident}>
            <p>
              <SeverityMark severity={incident.severity} /> <strong>{incident.label}</strong> {incident.title}{' '}
              <span className={styles.quiet}>
                {STATUS_WORDS[incident.status]}, <TimeText at={incident.newest} />
              </span>
            </p>
            <Part part={incident} />
          </div>
        )}
        empty={<p className={styles.quiet}>Others did nothing in any incident.</p>}
      />
      {moreIncidents > 0 && <p className={styles.line}>and {moreIncidents.toLocaleString('en')} more incidents</p>}
      {estate !== null && (
        <div className={styles.incident}>
          <p>
            <strong>Outside incidents</strong>
          </p>
          <Part part={estate} />
        </div>
      )}
    </Panel>
  );
}

function Part({ part }: { part: NonNullable<DigestView['estate']> }) {
  return (
    <>
      <p className={styles.quiet}>
        {part.counts.map(({ words, count }) => `${count.toLocaleString('en')} ${words}`).join(' · ')}
      </p>
      <ul className={styles.lines}>
        {part.lines.map(({ op, at, zone, by, text }) => (
          <li key={op}>
            <TimeText at={at} zone={zone} /> {by.name}: {text}
          </li>
        ))}
        {part.more > 0 && <li className={styles.quiet}>and {part.more.toLocaleString('en')} more of this kind</li>}
      </ul>
    </>
  );
}

function Settle({ digest: { conflicts } }: { digest: DigestView }) {
  const go = useNavigation((state) => state.go);
  return (
    <Panel title="Contested" note={conflicts.length > 0 ? String(conflicts.length) : undefined}>
      <List
        label="Contested"
        items={conflicts}
        keyOf={({ key }) => key}
        onOpen={({ key }) => go('conflicts', { key })}
        render={({ text }) => <p className={styles.line}>{text}</p>}
        empty={<p className={styles.line}>Nothing that came stands against what was said here.</p>}
      />
    </Panel>
  );
}

function Again({ digest: { actions } }: { digest: DigestView }) {
  const go = useNavigation((state) => state.go);
  return (
    <Panel title="Asks again before it runs" note={actions.length > 0 ? String(actions.length) : undefined}>
      <List
        label="Asks again before it runs"
        items={actions}
        keyOf={({ incident, text }) => `${incident} ${text}`}
        onOpen={({ incident }) => go('incident', { incident })}
        render={({ text }) => <p className={styles.line}>{text}</p>}
        empty={<p className={styles.line}>No action was held back.</p>}
      />
    </Panel>
  );
}

function Ours({ digest: { ours, why } }: { digest: DigestView }) {
  const entries = `${ours.ops.toLocaleString('en')} ${ours.ops === 1 ? 'entry' : 'entries'}`;
  return (
    <Panel title="What we did">
      <p className={styles.line}>
        {ours.ops === 0
          ? 'Nothing was written here meanwhile.'
          : why === 'bundle'
            ? `${entries} that whoever made it did not have.`
            : `${entries}; ${ours.waiting === 0 ? 'none' : ours.waiting.toLocaleString('en')} of our entries wait${ours.waiting > 1 ? '' : 's'} to leave.`}
      </p>
      <ul>
        {ours.incidents.map(({ id, label, title, ops }) => (
          <li key={id} className={styles.line}>
            {label} {title}: {ops.toLocaleString('en')}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function KeptOut({ digest: { quarantined } }: { digest: DigestView }) {
  if (quarantined.ops === 0) return null;
  return (
    <Panel title="Kept out" note={quarantined.ops.toLocaleString('en')}>
      <ul>
        {quarantined.reasons.map(({ words, count }) => (
          <li key={words} className={styles.line}>
            {count.toLocaleString('en')}: {words}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
