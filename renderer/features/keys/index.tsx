/** The keys that work right now, as the dispatcher knows them. */
import { closeDialog } from '../../state/dialogs.ts';
import { IN_LISTS, useKeyScopes } from '../../state/keys.ts';
import { byTitle, merged } from '../../state/key-match.ts';
import type { KeyScope } from '../../state/key-match.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './KeysHelp.module.css';

const LISTS: KeyScope = {
  title: IN_LISTS,
  bindings: [
    { keys: 'ArrowDown', title: 'Down', run: () => undefined },
    { keys: 'ArrowUp', title: 'Up', run: () => undefined },
    { keys: 'Enter', title: 'Open', run: () => undefined },
    { keys: 'd', title: 'Declare, on something that is not healthy', run: () => undefined },
  ],
};

export default function KeysHelp() {
  const held = useKeyScopes((state) => state.scopes);
  const scopes = merged([...held.map(({ scope }) => scope).toReversed(), LISTS]);
  return (
    <Dialog open title="Keys" size="wide" onClose={closeDialog}>
      <div className={styles.scopes} role="region" aria-label="Keys by where they work" tabIndex={0}>
        {scopes.map((scope) => (
          <section key={scope.title} className={styles.scope}>
            <h2 className={styles.title}>{scope.title}</h2>
            <dl>
              {byTitle(scope).map(({ title, keys }) => (
                <div key={title} className={styles.key}>
                  <dt className={styles.caps}>
                    {keys.length > 2 ? (
                      <>
                        <Kbd keys={keys[0]!} /> – <Kbd keys={keys.at(-1)!} />
                      </>
                    ) : (
                      keys.map((one) => <Kbd key={one} keys={one} />)
                    )}
                  </dt>
                  <dd>{title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
