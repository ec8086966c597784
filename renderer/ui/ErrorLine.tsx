/** What went wrong, in one sentence, beside what caused it. */
import type { ReactNode } from 'react';
import { TriangleAlert } from 'lucide-react';
import { Button } from './Button.tsx';
import styles from './States.module.css';

export interface ErrorLineProps {
  error: { message: string } | string | null;
  onRetry?(): void;
  /** What else can be done about it. */
  action?: ReactNode;
}

export function ErrorLine({ error, onRetry, action }: ErrorLineProps) {
  if (error === null) return null;
  return (
    <div className={styles.error} role="alert">
      <TriangleAlert size={16} aria-hidden="true" />
      <span className={styles.errorText}>{typeof error === 'string' ? error : error.message}</span>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
      {action}
    </div>
  );
}
