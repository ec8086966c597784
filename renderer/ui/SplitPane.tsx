/** Two panes and the line between them, which the mouse and the arrow keys move; its place is remembered on this machine. */
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './SplitPane.module.css';

export interface SplitPaneProps {
  /** Names the remembered place. */
  id: string;
  /** What the second pane shows, read to screen readers. */
  label: string;
  first: ReactNode;
  /** Absent: the first pane takes all. */
  second?: ReactNode;
  /** Width of the second pane, px. */
  initial?: number;
  min?: number;
  max?: number;
  className?: string;
}

const STEP = 24;

export function SplitPane({
  id,
  label,
  first,
  second,
  initial = 400,
  min = 280,
  max = 720,
  className,
}: SplitPaneProps) {
  const store = `split:${id}`;
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(store)) || initial, min, max));
  const box = useRef<HTMLDivElement>(null);
  const keep = (next: number): void => {
    const value = clamp(next, min, max);
    setWidth(value);
    localStorage.setItem(store, String(value));
  };
  const shown = second !== undefined && second !== null && second !== false;
  return (
    <div
      ref={box}
      className={classes(styles.panes, className)}
      style={{ gridTemplateColumns: shown ? `minmax(0, 1fr) 5px ${width}px` : 'minmax(0, 1fr)' }}
    >
      <div className={styles.pane}>{first}</div>
      {shown && (
        <>
          <div
            role="separator"
            aria-orientation="vertical"
            aria-label={`Width of ${label}`}
            aria-valuenow={width}
            aria-valuemin={min}
            aria-valuemax={max}
            tabIndex={0}
            className={styles.line}
            onKeyDown={(event) => {
              if (event.key === 'ArrowLeft') keep(width + STEP);
              else if (event.key === 'ArrowRight') keep(width - STEP);
              else return;
              event.preventDefault();
            }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              event.preventDefault();
            }}
            onPointerMove={(event) => {
              const right = box.current?.getBoundingClientRect().right;
              if (event.currentTarget.hasPointerCapture(event.pointerId) && right !== undefined)
                keep(right - event.clientX);
            }}
          />
          <section className={styles.pane} aria-label={label}>
            {second}
          </section>
        </>
      )}
    </div>
  );
}

const clamp = (value: number, min: number, max: number): number => Math.round(Math.min(max, Math.max(min, value)));
