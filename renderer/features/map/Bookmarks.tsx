/** Named views: go to one by its number, keep this one under a name. */
import { useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { type Bookmark, addBookmark, removeBookmark, useBookmarks } from './bookmarks.ts';
import styles from './Bookmarks.module.css';

export interface BookmarksProps {
  open: boolean;
  /** The view that is on the screen. */
  current(): Omit<Bookmark, 'name'>;
  onGo(bookmark: Bookmark): void;
  onClose(): void;
}

export function Bookmarks({ open, current, onGo, onClose }: BookmarksProps) {
  const list = useBookmarks((state) => state.list);
  const [name, setName] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const keep = (): void => {
    const trimmed = name.trim();
    if (trimmed === '') return;
    addBookmark({ name: trimmed, ...current() });
    setName('');
    onClose();
  };
  return (
    <Dialog open={open} title="Bookmarks of the map" onClose={onClose} initialFocus={input}>
      <form
        className={styles.add}
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <TextField
          ref={input}
          label="Keep this view as"
          help="Its filter, lanes, groups and place. A name that is there already is replaced."
          value={name}
          maxLength={80}
          onChange={setName}
        />
        <Button type="submit" variant="primary" disabled={name.trim() === ''}>
          Keep
        </Button>
      </form>
      {list.length === 0 ? (
        <p className={styles.none}>No bookmark yet.</p>
      ) : (
        <ol className={styles.list} aria-label="Bookmarks">
          {list.map((bookmark, index) => (
            <li key={bookmark.name}>
              <button type="button" className={styles.go} onClick={() => onGo(bookmark)}>
                {index < 9 && <Kbd keys={String(index + 1)} />}
                <span className={styles.name}>{bookmark.name}</span>
              </button>
              <Button
                variant="quiet"
                aria-label={`Remove ${bookmark.name}`}
                onClick={() => removeBookmark(bookmark.name)}
              >
                Remove
              </Button>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}
