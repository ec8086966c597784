/** Keeps a broken screen to itself: it says so, offers to try again, and the rest of the console goes on. */
import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import styles from './ScreenBoundary.module.css';

interface Props {
  title: string;
  children: ReactNode;
}

export class ScreenBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className={styles.broken} role="alert">
        <h2 className={styles.title}>{this.props.title} cannot be shown.</h2>
        <p>Your data is safe, and every other screen works. Try again; if it stays so, report the line below.</p>
        <Button variant="primary" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>
        <code className={styles.detail}>{error.message}</code>
      </div>
    );
  }
}
