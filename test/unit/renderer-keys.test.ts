/** The keys of a screen: who gets a key, when a sequence waits, and what the help lists. */
import { describe, expect, it } from 'vitest';
import { byTitle, match, merged, spell } from '../../renderer/state/key-match.ts';
import type { KeyScope, PressedKey } from '../../renderer/state/key-match.ts';

const press = (key: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});
const scope = (title: string, ...keys: string[]): KeyScope => ({
  title,
  bindings: keys.map((one) => ({ keys: one, title: `${title} ${one}`, run: () => undefined })),
});
const title = (found: ReturnType<typeof match>): string | null =>
  found === null || found === 'wait' ? found : found.title;

describe('the spelling of a key', () => {
  it.each([
    [press('k', { ctrlKey: true }), false, 'mod+k'],
    [press('k', { metaKey: true }), true, 'mod+k'],
    [press('k', { ctrlKey: true }), true, 'k'],
    [press('I', { ctrlKey: true, shiftKey: true }), false, 'mod+shift+i'],
    [press('?', { shiftKey: true }), false, '?'],
    [press('J', { shiftKey: true }), false, 'j'],
    [press('Enter', { shiftKey: true }), false, 'shift+Enter'],
    [press('1', { altKey: true }), false, 'alt+1'],
  ])('%o on a Mac: %s is %s', (pressed, mac, spelled) => {
    expect(spell(pressed, mac)).toBe(spelled);
  });
});

describe('who gets a key', () => {
  const frame = scope('Everywhere', 'g s', 'g m', 'Escape', 'mod+k');
  it('asks the scope that was opened last first', () => {
    expect(title(match([frame, scope('Sources', 'Escape')], '', 'Escape'))).toBe('Sources Escape');
  });
  it('waits for the second key of a sequence, then runs it', () => {
    expect(match([frame], '', 'g')).toBe('wait');
    expect(title(match([frame], 'g', 'm'))).toBe('Everywhere g m');
  });
  it('lets a key count by itself when it ends no sequence', () => {
    expect(title(match([frame], 'g', 'mod+k'))).toBe('Everywhere mod+k');
    expect(match([frame], 'g', 'x')).toBeNull();
  });
  it('lets a screen take a key that elsewhere begins a sequence', () => {
    expect(title(match([frame, scope('Map', 'g')], '', 'g'))).toBe('Map g');
  });
});

describe('the help', () => {
  it('does not list a key that an inner scope has taken, and joins scopes of one title', () => {
    const lists = merged([
      scope('List', 'j'),
      scope('Screen', 'Escape'),
      scope('List', 'k'),
      scope('Everywhere', 'Escape', 'mod+k'),
    ]);
    expect(lists.map(({ title: name, bindings }) => [name, bindings.map(({ keys }) => keys)])).toEqual([
      ['List', ['j', 'k']],
      ['Screen', ['Escape']],
      ['Everywhere', ['mod+k']],
    ]);
  });
  it('puts keys that do the same on one line', () => {
    const bindings = ['1', '2', '3'].map((keys) => ({ keys, title: 'Open', run: () => undefined }));
    expect(byTitle({ title: 'Situation', bindings })).toEqual([{ title: 'Open', keys: ['1', '2', '3'] }]);
  });
});
