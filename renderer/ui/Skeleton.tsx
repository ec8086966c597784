/** The outline of what is being read, drawn only when reading takes longer than 150 ms. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import styles from './States.module.css';

const DELAY = 150;

export interface SkeletonProps {
  /** Rows to draw; ignored when `children` draw the layout themselves. */
  rows?: number;
  children?: ReactNode;
}

export function Skeleton({ rows = 3, children }: SkeletonProps) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const id = setTimeout(() => setShown(true), DELAY);
    return () => clearTimeout(id);
  }, []);
  if (!shown) return null;
  return (
    <div className={styles.skeleton} role="status" aria-label="Reading">
      {children ?? Array.from({ length: rows }, (_, index) => <Bar key={index} width={[72, 54, 63][index % 3]!} />)}
    </div>
  );
}

/** One bar of a skeleton, `width` in percent of its container. */
export function Bar({ width = 100, height = 14 }: { width?: number; height?: number }) {
  return <span className={styles.bar} style={{ width: `${width}%`, height }} />;
}
