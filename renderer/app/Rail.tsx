/** The screens, always in the same place, and the one command that may be needed at any second. */
import { Flag } from 'lucide-react';
import { openDeclare } from '../state/dialogs.ts';
import { useNavigation } from '../state/navigation.ts';
import styles from './Rail.module.css';
import { RAIL, SCREENS } from './screens.ts';

export function Rail() {
  const screen = useNavigation((state) => state.screen);
  const go = useNavigation((state) => state.go);
  const shown = screen === 'incident' ? 'incidents' : screen;
  return (
    <nav className={styles.rail} aria-label="Screens">
      {RAIL.map(({ screen: id, keys, icon: Icon }) => (
        <button
          key={id}
          type="button"
          className={styles.item}
          aria-current={id === shown ? 'page' : undefined}
          title={`${SCREENS[id].title} (${keys})`}
          onClick={() => go(id)}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
          {SCREENS[id].title}
        </button>
      ))}
      <button type="button" className={styles.declare} onClick={() => openDeclare()}>
        <Flag size={20} strokeWidth={1.75} aria-hidden="true" />
        Declare
      </button>
    </nav>
  );
}
