/** A key as it is printed on this machine's keyboard: `mod+shift+i` → "Ctrl ⇧ I". */
import { bridge } from '../bridge/client.ts';
import styles from './Kbd.module.css';

const NAMES: Record<string, string> = {
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  shift: '⇧',
  alt: 'Alt',
  ' ': 'Space',
};

/** The caps of one combination or sequence, in the order in which they are pressed. */
export function caps(keys: string, mac: boolean): string[] {
  return keys
    .split(' ')
    .flatMap((combination) =>
      combination
        .split('+')
        .map((part) =>
          part === 'mod' ? (mac ? '⌘' : 'Ctrl') : (NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
        ),
    );
}

export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {caps(keys, bridge.platform === 'darwin').map((cap, index) => (
        <kbd key={index} className={styles.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
