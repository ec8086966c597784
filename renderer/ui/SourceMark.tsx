/** The state of a source as shape and word, in the same shapes as health. */
import type { SourceState } from '../../shared/contract/sources.ts';
import type { Health } from '../../shared/domain/words.ts';
import { HealthShape } from './HealthMark.tsx';
import styles from './SourceMark.module.css';

const SHAPES: Record<SourceState, Health | null> = {
  live: 'healthy',
  late: 'degraded',
  down: 'failing',
  never: 'unknown',
  off: null,
};
const WORDS: Record<SourceState, string> = {
  live: 'live',
  late: 'late',
  down: 'down',
  never: 'not heard yet',
  off: 'off',
};

export function SourceMark({ state }: { state: SourceState }) {
  const shape = SHAPES[state];
  return (
    <span className={styles.mark} data-state={state}>
      {shape === null ? <span className={styles.dash} aria-hidden="true" /> : <HealthShape health={shape} />}
      {WORDS[state]}
    </span>
  );
}
