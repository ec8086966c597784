import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseArguments } from '../../../electron/main/arguments.ts';

test('opens the default folder, a folder given apart and a folder given with an equals sign', () => {
  expect(parseArguments([])).toEqual({ kind: 'open', data: null, empty: false, board: false });
  expect(parseArguments(['--data', '/srv/war room'])).toEqual({
    kind: 'open',
    data: '/srv/war room',
    empty: false,
    board: false,
  });
  expect(parseArguments(['--empty', '--data=x=y'])).toEqual({ kind: 'open', data: 'x=y', empty: true, board: false });
});

test.each([
  [['--data']],
  [['--data', '']],
  [['--data=']],
  [['--data', '--empty']],
  [['--data', 'a', '--data', 'b']],
  [['--data', 'a\0b']],
  [['--data', 'x'.repeat(5000)]],
  [['--dta', 'x']],
  [['holdfast://app/%2e%2e']],
  [['--remote-debugging-port=9222']],
  [['--inspect=0']],
  [['--renderer-cmd-prefix=sh']],
  [['--disable-web-security']],
  [['--load-extension=/tmp/x']],
  [['--js-flags=--allow-natives-syntax']],
])('refuses %j with a sentence', (argv) => {
  expect(parseArguments(argv)).toMatchObject({ kind: 'refused', message: expect.stringMatching(/\.$/) });
});

test('lets pass what a person needs to get a picture', () => {
  expect(parseArguments(['--no-sandbox', '--ozone-platform=wayland', '--data', 'd'])).toMatchObject({
    kind: 'open',
    data: 'd',
  });
});

test('takes anything without throwing, and never opens a folder that was not named', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('--data', '--empty', '--data=', '--no-sandbox'))),
      (argv) => {
        const parsed = parseArguments(argv);
        if (parsed.kind !== 'open' || parsed.data === null) return;
        const { data } = parsed;
        expect(argv.some((argument) => argument === data || argument === `--data=${data}`)).toBe(true);
      },
    ),
  );
});
