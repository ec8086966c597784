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

test('the first incident is declared, staffed, worked and resolved with every network interface down', async ({
  folder,
}) => {
  test.slow();
  const how = await isolation();
  test.skip(
    how === null && process.env.CI === undefined,
    'this machine lets nobody make a network namespace (unshare)',
  );
  const story = join(import.meta.dirname, 'offline-story.ts');
  const { stdout } = await run('unshare', [
    ...how!,
    'perl',
    '-e',
    LOOPBACK_ONLY,
    '--',
    process.execPath,
    story,
    folder,
  ]);
  const told = JSON.parse(stdout) as Record<string, unknown> & { summaries: string[] };
  expect(told).toMatchObject({
    interfaces: ['lo'],
    status: 'resolved',
    commander: 'ana-kovac',
    asks: ['done'],
    runs: ['checkout-slowdown'],
  });
  expect(told.summaries).toContain('first errors in the log');
  expect(told.summaries).toContain('roll back – because errors began with it');
});
