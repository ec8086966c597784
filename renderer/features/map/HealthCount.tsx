/** How many services are in one health: its shape and colour, the number and the word. */
import type { Health } from '../../../shared/domain/words.ts';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { HEALTH_WORDS } from '../../ui/words.ts';
import styles from './Map.module.css';

export function HealthCount({ health, count }: { health: Health; count: number }) {
  return (
    <span className={styles.hurt} data-health={health}>
      <HealthShape health={health} /> {count.toLocaleString('en')} {HEALTH_WORDS[health]}
    </span>
  );
}
