/** How much of the estate is on the screen, and how what is not there is doing. */
import { formatTime } from '../../../shared/domain/times.ts';
import { useZone } from '../../state/zone.ts';
import { HealthCount } from './HealthCount.tsx';
import styles from './Map.module.css';
import type { CountLine as Counted } from './model/count-line.ts';

export function CountLine({ line, asOf }: { line: Counted; asOf: number }) {
  const zone = useZone();
  return (
    <p className={styles.count} data-testid="count-line">
      <b>{line.total}</b>; {line.showing}
      {line.grouped !== null && <>, {line.grouped}</>}
      {line.hidden !== null && <>; {line.hidden}</>}
      {line.hurt.map(({ health, count }, index) => (
        <span key={health}>
          {index === 0 ? ': ' : ', '}
          <HealthCount health={health} count={count} />
        </span>
      ))}{' '}
      as of {formatTime(asOf, zone)}
      {line.crossing !== null && <>; {line.crossing}</>}
      {line.loose !== null && <>; {line.loose}</>}
    </p>
  );
}
