/** How much of the estate is on the screen, and how what is not there is doing. */
import { formatTime } from '../../../shared/domain/times.ts';
import { useZone } from '../../state/zone.ts';
import { HealthShape } from '../../ui/HealthMark.tsx';
import styles from './Map.module.css';
import type { CountLine as Counted } from './model/count-line.ts';

export function CountLine({ line, asOf }: { line: Counted; asOf: number }) {
  const zone = useZone();
  return (
    <p className={styles.count} data-testid="count-line">
      <b>{line.total}</b>; {line.showing}
      {line.grouped !== null && <>, {line.grouped}</>}
      {line.hidden !== null && <>; {line.hidden}</>}
      {line.hurt.map(({ health, text }, index) => (
        <span key={health} className={styles.hurt} data-health={health}>
          {index === 0 ? ': ' : ', '}
          <HealthShape health={health} /> {text}
        </span>
      ))}{' '}
      as of {formatTime(asOf, zone)}
      {line.crossing !== null && <>; {line.crossing}</>}
      {line.loose !== null && <>; {line.loose}</>}
    </p>
  );
}
