/** The snapshots at the hub, from which a new console begins at once: what lies there, and laying out another now. */
import { useCommands } from '../../app/commands.ts';
import type { SharedSnapshot } from '../../../shared/contract/snapshot.ts';
import { count } from '../../../shared/domain/record/lost.ts';
import { formatBytes } from '../../../shared/domain/record/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Backups.module.css';

export function Shared() {
  const { value: shared, error } = useQuery('snapshot.shared', {}, ['record']);
  const share = useCommand('snapshot.share');
  const layOut = (): void => {
    if (!share.busy) void share.run({});
  };
  const reachable = shared !== undefined && shared.list !== null;
  const title = 'Lay a snapshot out at the hub';
  useKeys('Snapshots', reachable ? [{ keys: 'n', title, run: layOut }] : []);
  useCommands(reachable ? [{ id: 'record.share', title, hint: 'for consoles that join', keys: 'n', run: layOut }] : []);
  if (shared?.hub === null) return null;
  const list = shared?.list ?? null;
  return (
    <Panel
      className={styles.laidOut}
      title="Snapshots at the hub"
      note={list !== null && list.length > 0 ? String(list.length) : undefined}
      actions={
        <Button needs="manage-console" keys="n" busy={share.busy} disabled={list === null} onClick={layOut}>
          Make one now
        </Button>
      }
    >
      <div className={styles.facts}>
        <ErrorLine error={error ?? share.error} />
        {shared === undefined && error === null ? (
          <Skeleton rows={2} />
        ) : list === null ? (
          <p className={styles.quiet}>The hub cannot be asked now: the link to it does not stand.</p>
        ) : list.length === 0 ? (
          <EmptyState
            title="None lies there."
            text="A console that joins begins from one at once, and verifies what came with it behind. They are made by themselves, daily, once the log is long enough."
          />
        ) : (
          <ul className={styles.shared} aria-label="Snapshots at the hub">
            {list.map((snapshot) => (
              <Row key={snapshot.name} snapshot={snapshot} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Row({ snapshot: { name, made, maker, ops, bytes, problem } }: { snapshot: SharedSnapshot }) {
  return (
    <li className={styles.row} title={name}>
      <span className={styles.when}>
        {made === null ? <span>{name}</span> : <TimeText at={made} />}
        <span className={styles.quiet}>
          {made !== null && <Age at={made} />}
          {maker !== null && (
            <>
              , by <bdi>{maker.name}</bdi>
            </>
          )}
        </span>
        {problem !== null && <span className={styles.problem}>{problem}</span>}
      </span>
      <span className={styles.size}>
        {ops !== null && count(ops, 'op')}
        <span className={styles.quiet}>{formatBytes(bytes)}</span>
      </span>
    </li>
  );
}
