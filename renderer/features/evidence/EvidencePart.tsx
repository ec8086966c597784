/** What is attached, in one line of the plan, and the way to the files. */
import { evidenceSum } from '../../../shared/domain/evidence.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Part } from '../../ui/Part.tsx';
import styles from './Evidence.module.css';

export function EvidencePart({ incident, onOpen }: { incident: string; onOpen(): void }) {
  const { value: files } = useQuery('evidence.list', { incident }, [`incident:${incident}`]);
  if (files === undefined) return null;
  return (
    <Part
      label="Evidence"
      className={styles.part}
      aside={
        <Button variant="quiet" keys="i" onClick={onOpen}>
          Files
        </Button>
      }
    >
      <p className={styles.quiet}>
        {files.length === 0
          ? 'Nothing is attached. Drop a file onto the room, or write /attach.'
          : `${evidenceSum(files)}.`}
      </p>
    </Part>
  );
}
