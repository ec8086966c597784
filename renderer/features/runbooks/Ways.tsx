/** The ways through a runbook from its first step to the end, and the incidents that it was used in. */
import { useState } from 'react';
import type { RunbookView } from '../../../shared/contract/incident.ts';
import { minutesWords } from '../../../shared/domain/runbook/words.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Runbooks.module.css';

/** A step as the text numbers it: "4 Roll back"; "the end". */
export function placeOf({ stepList }: Pick<RunbookView, 'stepList'>, id: string): string {
  if (id === 'end') return 'the end';
  const at = stepList.findIndex((step) => step.id === id);
  return at < 0 ? `“${id}”, which is no step` : `${at + 1} ${stepList[at]!.title}`;
}

/** Ways that are drawn before somebody asks for all. */
const FEW = 6;

export function WaysThrough({ runbook }: { runbook: RunbookView }) {
  const [all, setAll] = useState(false);
  const { ways, loops, unreached, more } = runbook.ways;
  if (runbook.stepList.length === 0) return null;
  const figures = ways.map(({ minutes }) => minutes);
  const span = ways.length === 0 ? '' : minutesWords({ least: Math.min(...figures), most: Math.max(...figures) });
  const numbers = new Map(runbook.stepList.map(({ id }, n) => [id, n + 1]));
  return (
    <section className={styles.section} aria-label="Ways through it">
      <h3 className={styles.stepTitle}>
        Ways through it
        <span className={styles.quiet}>
          {[more ? `more than ${ways.length}` : String(ways.length), span].filter(Boolean).join(', ')}
        </span>
      </h3>
      {ways.length === 0 && <p className={styles.problems}>No way leads to the end.</p>}
      <ol className={styles.ways}>
        {(all ? ways : ways.slice(0, FEW)).map(({ steps, minutes }) => (
          <li key={steps.map(({ id, branch }) => `${id} ${branch ?? ''}`).join(' ')} className={styles.way}>
            <span className={styles.wayMinutes}>{minutesWords({ least: minutes, most: minutes }) || '–'}</span>
            <span className={styles.waySteps}>
              {steps.map(({ id, title, branch }, n) => (
                <span key={id} title={title}>
                  {n > 0 && <span className={styles.quiet}>→ </span>}
                  {numbers.get(id)}
                  {branch !== null && <em className={styles.answer}> {branch.replace(/[*_`]/g, '')} </em>}{' '}
                </span>
              ))}
              <span className={styles.quiet}>→ the end</span>
            </span>
          </li>
        ))}
      </ol>
      {!all && ways.length > FEW && (
        <p>
          <Button variant="quiet" onClick={() => setAll(true)}>
            Show all {ways.length}
          </Button>
        </p>
      )}
      {loops.length > 0 && (
        <p className={styles.quiet}>
          {loops.map(({ from, to }) => `${placeOf(runbook, from)} can lead back to ${placeOf(runbook, to)}`).join('; ')}
          .
        </p>
      )}
      {unreached.length > 0 && (
        <p className={styles.problems}>Nothing leads to {unreached.map((id) => placeOf(runbook, id)).join(', ')}.</p>
      )}
    </section>
  );
}

export function UsedIn({ uses }: { uses: RunbookView['usedIn'] }) {
  const zone = useZone();
  const go = useNavigation((state) => state.go);
  return (
    <section className={styles.section} aria-label="Used in">
      <h3 className={styles.stepTitle}>Used in</h3>
      <List
        label="Incidents in which it was used"
        items={uses}
        keyOf={({ incident, startedAt }) => `${incident} ${startedAt}`}
        onOpen={({ incident }) => go('incident', { incident })}
        rowClassName={styles.use}
        empty={<p className={styles.quiet}>It was not started in any incident yet.</p>}
        render={({ label, title, version, startedAt, state }) => (
          <span>
            <strong>{label}</strong> {title}{' '}
            <span className={styles.quiet}>
              <TimeText at={startedAt} zone={zone} /> · version {version || 'not given'} · {state}
            </span>
          </span>
        )}
      />
    </section>
  );
}
