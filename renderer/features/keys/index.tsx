/** The keys that work right now, as the dispatcher knows them. */
import { closeDialog } from '../../state/dialogs.ts';
import { useKeyScopes } from '../../state/keys.ts';
import type { KeyScope } from '../../state/keys.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './KeysHelp.module.css';

const IN_LISTS: KeyScope = {
  title: 'In lists and tables',
  bindings: [
    { keys: 'ArrowDown', title: 'Down', run: () => undefined },
    { keys: 'ArrowUp', title: 'Up', run: () => undefined },
    { keys: 'Home', title: 'First', run: () => undefined },
    { keys: 'End', title: 'Last', run: () => undefined },
    { keys: 'Enter', title: 'Open', run: () => undefined },
    { keys: 'd', title: 'Declare, on something that is not healthy', run: () => undefined },
  ],
};

export default function KeysHelp() {
  const held = useKeyScopes((state) => state.scopes);
  const scopes = [...merged(held.map(({ scope }) => scope).toReversed()), IN_LISTS];
  return (
    <Dialog open title="Keys" size="wide" onClose={closeDialog}>
      <div className={styles.scopes}>
        {scopes.map((scope) => (
          <section key={scope.title} className={styles.scope}>
            <h2 className={styles.title}>{scope.title}</h2>
            <dl className={styles.keys}>
              {scope.bindings.map((binding) => (
                <div key={binding.keys} className={styles.key}>
                  <dt>
                    <Kbd keys={binding.keys} />
                  </dt>
                  <dd>{binding.title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Scopes with the same title as one; a key that an inner scope has taken is not listed again. */
export function merged(scopes: readonly KeyScope[]): KeyScope[] {
  const byTitle = new Map<string, KeyScope>();
  const taken = new Set<string>();
  for (const scope of scopes) {
    const bindings = scope.bindings.filter(({ keys }) => !taken.has(keys));
    for (const { keys } of bindings) taken.add(keys);
    if (bindings.length === 0) continue;
    const known = byTitle.get(scope.title);
    byTitle.set(scope.title, { title: scope.title, bindings: [...(known?.bindings ?? []), ...bindings] });
  }
  return [...byTitle.values()];
}
