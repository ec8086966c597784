/** The clocks of a business service: how long until it must be back, and what the month may still lose. */
import type { ClockView } from '../../../shared/contract/impact.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import styles from './Clocks.module.css';

export function Clocks({ clocks, running = false }: { clocks: readonly ClockView[]; running?: boolean }) {
  const now = useNow();
  const shown = running ? clocks.filter(({ state }) => state !== 'idle') : clocks;
  if (shown.length === 0) return null;
  return (
    <ul className={styles.clocks} aria-label="Clocks">
      {shown.map((clock) => (
        <li key={clock.kind} className={styles.clock} data-state={stateOf(clock, now)}>
          <span className={styles.name}>{clock.kind.toUpperCase()}</span> {words(clock, now)}
        </li>
      ))}
    </ul>
  );
}

const left = ({ dueAt, leftMs }: ClockView, now: number): number | null => (dueAt === null ? leftMs : dueAt - now);

function stateOf(clock: ClockView, now: number): ClockView['state'] {
  // An objective of nothing at all does not run down.
  if (clock.dueAt !== null && clock.dueAt === clock.since) return clock.state;
  return clock.state === 'running' && (left(clock, now) ?? 1) < 0 ? 'over' : clock.state;
}

function words(clock: ClockView, now: number): string {
  const rest = left(clock, now);
  if (clock.kind === 'sla' || clock.state === 'idle' || rest === null || clock.dueAt === clock.since) return clock.text;
  return rest < 0 ? `${clock.title}: over by ${formatDuration(-rest)}` : `${clock.title}: ${formatDuration(rest)} left`;
}
