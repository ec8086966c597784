import { expect, test } from 'vitest';
import { countPlaywright, countVitest } from '../../../electron/setup/suites.ts';

test('counts a file that could not be loaded as a failure', () => {
  const tally = countVitest({
    numPassedTests: 3,
    numFailedTests: 1,
    testResults: [
      {
        name: 'a',
        status: 'failed',
        assertionResults: [
          { fullName: 'a breaks', status: 'failed', failureMessages: ['\u001B[31mexpected 1\u001B[39m'] },
        ],
      },
      { name: 'b', status: 'failed', message: 'cannot load', assertionResults: [] },
      {
        name: 'c',
        status: 'passed',
        assertionResults: [{ fullName: 'c waits', status: 'skipped', meta: { note: 'no prometheus' } }],
      },
    ],
  });
  expect(tally).toEqual({
    passed: 3,
    failed: 2,
    skipped: ['c waits (no prometheus)'],
    failures: ['b\n    cannot load', 'a: a breaks\n    expected 1'],
  });
});

test('counts a flaky test as a failure and names what was skipped', () => {
  const test_ = (status: string, ...annotations: { type: string; description?: string }[]) => ({
    status,
    annotations,
    results: status === 'unexpected' ? [{ error: { message: 'no such button' } }] : [],
  });
  const tally = countPlaywright({
    errors: [],
    suites: [
      {
        title: 'shell.spec.ts',
        specs: [{ title: 'opens', tests: [test_('expected')] }],
        suites: [
          {
            title: 'sandbox',
            specs: [
              { title: 'holds', tests: [test_('skipped', { type: 'skip', description: 'the kernel forbids it' })] },
              { title: 'wavers', tests: [test_('flaky')] },
              { title: 'fails', tests: [test_('unexpected')] },
            ],
          },
        ],
      },
    ],
  });
  expect(tally).toEqual({
    passed: 1,
    failed: 2,
    skipped: ['shell.spec.ts › sandbox › holds (the kernel forbids it)'],
    failures: ['shell.spec.ts › sandbox › wavers\n    ', 'shell.spec.ts › sandbox › fails\n    no such button'],
  });
});
