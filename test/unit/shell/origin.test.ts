import fc from 'fast-check';
import { resolve, sep } from 'node:path';
import { expect, test } from 'vitest';
import { resolveAsset } from '../../../electron/main/origin.ts';

const folder = resolve('/opt/holdfast/renderer');

test('serves the index and files below the folder', () => {
  expect(resolveAsset(folder, 'holdfast://app/')).toBe(`${folder}/index.html`);
  expect(resolveAsset(folder, 'holdfast://app/assets/index-abc.js?x#y')).toBe(`${folder}/assets/index-abc.js`);
});

test.each([
  'holdfast://app/%2e%2e%2fsecret',
  'holdfast://app/a/..%2f..%2f..%2fetc/passwd',
  'holdfast://app/..%5c..%5csecret',
  'holdfast://app/x%00.js',
  'holdfast://app/%zz',
  'holdfast://other/index.html',
  'https://app/index.html',
  'file:///etc/passwd',
  'nonsense',
])('has nothing for %s', (url) => {
  expect(resolveAsset(folder, url)).toBeNull();
});

test.each(['holdfast://app/../secret', 'holdfast://app/%2e%2e/secret'])('does not climb out by %s', (url) => {
  expect(resolveAsset(folder, url)).toBe(`${folder}/secret`);
});

test('whatever the path, the file is below the folder', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('..', '.', '%2e%2e', '%2f', '%5c', 'a', '', '%00', '//')), (parts) => {
      const file = resolveAsset(folder, `holdfast://app/${parts.join('/')}`);
      expect(file === null || file.startsWith(folder + sep)).toBe(true);
    }),
  );
});
