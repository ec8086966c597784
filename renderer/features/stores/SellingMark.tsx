/** What a store can do as shape, word and colour: the shapes of health, and a half-filled square for "on its own". */
import type { Selling } from '../../../shared/domain/stores.ts';
import styles from './SellingMark.module.css';

export function SellingShape({ selling }: { selling: Selling }) {
  return <i className={styles.shape} data-selling={selling} aria-hidden="true" />;
}

export function SellingMark({ selling, word }: { selling: Selling; word: string }) {
  return (
    <span className={styles.mark} data-selling={selling}>
      <SellingShape selling={selling} />
      {word}
    </span>
  );
}
