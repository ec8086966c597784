/** The console with every network interface down: not pretended, the kernel has none to offer. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './console.ts';

const run = promisify(execFile);
/** Brings up loopback (SIOCSIFFLAGS with UP and RUNNING), then becomes what it was given; perl is on every Debian. */
const LOOPBACK_ONLY =
  'use Socket; socket(my $s, PF_INET, SOCK_DGRAM, 0); my $r = pack("a16 s x14", "lo", 0x41); ioctl($s, 0x8914, $r) or die $!; exec @ARGV or die $!';

/** How this machine lets us make a network namespace; null when it does not. */
async function isolation(): Promise<string[] | null> {
  for (const how of [['--net'], ['--user', '--map-root-user', '--net']]) {
    if (
      await run('unshare', [...how, 'perl', '-e', LOOPBACK_ONLY, '--', 'true']).then(
        () => true,
        () => false,
      )
    )
      return how;
  }
  return null;
}

type Told = Record<string, unknown> & { summaries: string[] };

/** Runs a story where there is no interface but loopback; what it printed. */
async function told(story: string, folder: string): Promise<Told> {
  test.slow();
  const how = await isolation();
  test.skip(
    how === null && process.env.CI === undefined,
    'this machine lets nobody make a network namespace (unshare)',
  );
  const file = join(import.meta.dirname, story);
  const { stdout } = await run(
    'unshare',
    [...how!, 'perl', '-e', LOOPBACK_ONLY, '--', process.execPath, file, folder],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Told;
}

test('the first incident is declared, staffed, worked and resolved with every network interface down', async ({
  folder,
}) => {
  const story = await told('offline-story.ts', folder);
  expect(story).toMatchObject({
    interfaces: ['lo'],
    status: 'resolved',
    commander: 'ana-kovac',
    asks: ['done'],
    runs: ['checkout-slowdown'],
  });
  expect(story.summaries).toContain('first errors in the log');
  expect(story.summaries).toContain('roll back – because errors began with it');
});

test('checkout goes down in a promotion and comes back, from the accepted proposal to the last reconciled order', async ({
  folder,
}) => {
  const story = await told('sev1-story.ts', folder);
  expect(story).toMatchObject({
    interfaces: ['lo'],
    declared: { severity: 'SEV1', commander: 'ana-kovac' },
    proposed: 'SEV1',
    severity: 'SEV1',
    model: 'command',
    runbook: 'checkout-slowdown',
    cause: 'checkout-api',
    // The rollback touches payments: not by whoever proposed it, not before somebody else approved it, and once.
    approval: 'critical',
    alone: { ok: false, message: 'Whoever proposed an action may not approve it; a second person has to.' },
    early: { ok: false, message: 'It needs an approval that counts.' },
    result: 'done',
    asked: [
      { method: 'POST', path: '/applications/checkout-api/rollback', key: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ],
    told: [['copied', 'ana-kovac']],
    given: [['limit-order-promises', 'checkout sells again']],
    open: { ok: false, message: expect.stringContaining('1 cleanup item is open: Orders paid twice (12 orders).') },
    status: 'closed',
  });
  expect(story.asked).toHaveLength(1);
  expect(story.summaries.join('\n')).toContain(
    'update for executives copied and sent by hand, reviewed by Ana Kovač, next at ',
  );
  for (const line of [
    'runbook started: Checkout is slow or failing, version 2.0.0',
    'undo 4.18.0 – because errors began with it',
    'no longer degraded on purpose: Limit order promises',
    'action done: Roll back – Answered 202.',
    'restoration verified by hand: Checkout PostgreSQL',
    'cleanup reconciled: Orders paid twice (12 reconciled)',
    'state resolved → closed',
  ])
    expect(story.summaries).toContain(line);
});

test('stores that are cut off sell on, command is handed over, and what they buffered is let in and signed for', async ({
  folder,
}) => {
  const story = await told('wan-story.ts', folder);
  expect(story).toMatchObject({
    interfaces: ['lo'],
    told: expect.stringContaining('line down, sells from its own server, 41 transactions waiting'),
    proposal: { model: 'command', runbook: 'store-wan-outage' },
    text: expect.stringContaining('Next update:'),
    unread: { ok: false, message: expect.stringContaining('Nobody has reviewed the update') },
    // Whoever has it keeps it until the one who was asked says yes.
    notAsked: {
      ok: false,
      message: expect.stringContaining('Only Ana Kovač can accept; this console acts as Aoife Brennan.'),
    },
    meanwhile: 'aoife-brennan',
    afterwards: 'ana-kovac',
    unapproved: { ok: false, message: 'It needs an approval that counts.' },
    throttled: 'done',
    limits: [expect.stringContaining('"rate_share": 0.25')],
    buffered: { unit: 'transactions' },
    withDebt: { ok: false, message: expect.stringContaining('1 cleanup item is open') },
    status: 'closed',
  });
  for (const line of [
    'update for store operations read out, reviewed by Cian Doyle',
    'commander: Ana Kovač (was Aoife Brennan)',
    'runbook started: Stores come back after a cut-off',
    'Katrin Ebel answers for what stays open',
    'state resolved → closed',
  ])
    expect(story.summaries.join('\n')).toContain(line);
});
