/** Text with the parts that were found marked. What could turn or hide text on screen shows as a replacement mark. */
import type { ReactNode } from 'react';
import type { Range } from '../../../shared/domain/excerpt.ts';
import styles from './Marked.module.css';

const UNPRINTABLE = /[\p{Cc}\p{Bidi_C}]/gu;

export function Marked({ text, marks }: { text: string; marks: readonly Range[] }) {
  const shown = text.replace(UNPRINTABLE, '\ufffd');
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [start, end] of marks) {
    parts.push(
      shown.slice(from, start),
      <mark key={start} className={styles.mark}>
        {shown.slice(start, end)}
      </mark>,
    );
    from = end;
  }
  return (
    <bdi>
      {parts}
      {shown.slice(from)}
    </bdi>
  );
}
