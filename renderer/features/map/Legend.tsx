/** What the shapes, lines and bars of the map mean, in one strip. */
import type { MapMarks } from '../../../shared/contract/map.ts';
import { LEAD_WORDS } from '../cause/Causes.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HEALTH_ORDER } from '../../ui/words.ts';
import styles from './Legend.module.css';

function Line({ dash, soft = false, path }: { dash?: string; soft?: boolean; path?: 'hurt' | 'risk' }) {
  return (
    <svg className={styles.line} data-path={path} viewBox="0 0 36 12" aria-hidden="true">
      <path
        d={soft ? 'M0 6h34' : 'M0 6h28'}
        fill="none"
        stroke="currentColor"
        strokeWidth={path === 'hurt' ? 3 : soft ? 1 : 1.5}
        strokeDasharray={dash}
      />
      {soft ? (
        <path d="M29 2l6 4-6 4" fill="none" stroke="currentColor" strokeWidth="1.25" />
      ) : (
        <path d="M28 2l8 4-8 4z" fill="currentColor" />
      )}
    </svg>
  );
}

function Box({ shape, bar = 0 }: { shape: 'box' | 'round' | 'cut' | 'dashed'; bar?: number }) {
  return (
    <svg className={styles.box} viewBox="0 0 30 14" aria-hidden="true">
      {shape === 'round' && <rect x=".5" y=".5" width="29" height="13" rx="6.5" fill="none" stroke="currentColor" />}
      {shape === 'cut' && <path d="M4.5.5h21l4 6.5-4 6.5h-21L.5 7z" fill="none" stroke="currentColor" />}
      {(shape === 'box' || shape === 'dashed') && (
        <rect
          x=".5"
          y=".5"
          width="29"
          height="13"
          fill="none"
          stroke="currentColor"
          strokeDasharray={shape === 'dashed' ? '4 2.5' : undefined}
        />
      )}
      {bar > 0 && <rect x="2" y="2.5" width={bar} height="9" fill="currentColor" />}
    </svg>
  );
}

/** @param causes where the failing path begins */
export function Legend({ causes }: { causes: MapMarks['causes'] }) {
  const [first, ...others] = causes;
  return (
    <ul className={styles.legend} aria-label="Legend">
      {HEALTH_ORDER.toReversed().map((health) => (
        <li key={health}>
          <HealthMark health={health} />
        </li>
      ))}
      <li>
        <Line path="hurt" /> failing path
        {first !== undefined && (
          <>
            {' '}
            from <b className={styles.cause}>{first.name}</b> ({first.confirmed ? 'confirmed' : LEAD_WORDS[first.lead]}
            {others.length > 0 && `, ${others.length} more`})
          </>
        )}
      </li>
      <li>
        <Line path="risk" /> at risk
      </li>
      <li>
        <Line /> hard
      </li>
      <li>
        <Line soft /> soft
      </li>
      <li>
        <Line dash="6 3" /> async
      </li>
      <li>
        <Line dash="1.5 3" /> batch
      </li>
      <li>
        <Box shape="box" bar={4} /> tier 1
      </li>
      <li>
        <Box shape="box" bar={2} /> tier 2
      </li>
      <li>
        <Box shape="round" /> data
      </li>
      <li>
        <Box shape="cut" /> queue, connector
      </li>
      <li>
        <Box shape="dashed" /> third party
      </li>
      <li>
        <span className={styles.stub}>+3</span> to what is not shown
      </li>
      <li>
        <svg className={styles.change} viewBox="0 0 12 12" aria-hidden="true">
          <path d="M6 0l6 6-6 6-6-6z" fill="currentColor" />
        </svg>
        changed, last 2 h
      </li>
    </ul>
  );
}
