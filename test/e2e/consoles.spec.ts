/** Two consoles become one organisation by keyboard: founding, a code, leaving the demonstration, comparing words, revoking. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '../support/nats.ts';
import { missing } from '../support/servers.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('a console founds an organisation, and one that shows the demonstration joins it with a code', async ({
  open,
}) => {
  test.skip(missing('nats-server'), 'nats-server is not installed');
  const other = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-e2e-')));
  const hub = await startNats();
  try {
    const first = await open();
    const here = first.page;
    await here.keyboard.press('g');
    await here.keyboard.press('l');
    await expect(here.getByText('This console belongs to no organisation')).toBeVisible();
    await here.keyboard.press('f');
    await here.keyboard.type('Acme Retail');
    await here.keyboard.press('Enter');
    await expect(here.getByText('This console founded Acme Retail.')).toBeVisible();
    const { organisation } = await first.done('organisation.show', {});
    await first.done('hub.set', { url: hub.hub, organisation: organisation!.id });
    await here.keyboard.press('i');
    await here.keyboard.type('Store 112');
    await here.keyboard.press('Enter');
    const code = await here.getByLabel('Join code').inputValue();
    await expectAccessible(here);
    await here.keyboard.press('Escape');
    await expect(here.getByText('Codes that can be used')).toBeVisible();

    const second = await open({ folder: other, demonstration: true });
    const there = second.page;
    await there.keyboard.press('g');
    await there.keyboard.press('l');
    await expect(there.getByText('This console belongs to no organisation')).toBeVisible();
    await there.keyboard.press('n');
    const typed = there.getByLabel('The code that you were sent');
    // One wrong character, as it happens when a code is read out.
    await typed.fill(code.slice(0, 16) + (code[16] === 'Z' ? 'Y' : 'Z') + code.slice(17));
    await expect(there.getByText(/Group 3 .* is mistyped/)).toBeVisible();
    await typed.fill(code);
    await there.getByLabel('Name of this console').fill('Store 112');
    await expect(there.getByRole('button', { name: 'Ask to join' })).toBeDisabled();
    await there.getByRole('checkbox').press('Space');
    await expectAccessible(there);
    await there.getByLabel('Name of this console').press('Enter');
    await expect(there.getByText(/somebody there has to accept this console/)).toBeVisible();
    const { console: newcomer } = await second.done('organisation.show', {});
    await expect(there.getByText(newcomer.spoken)).toBeVisible();
    expect((await second.done('status', {})).estate).toMatchObject({ demonstration: false, services: 0 });

    await here
      .getByRole('option', { name: /Store 112/ })
      .or(here.getByText(newcomer.spoken))
      .first()
      .click();
    await expect(here.getByRole('dialog').getByText(newcomer.spoken)).toBeVisible();
    await expectAccessible(here);
    await here.getByRole('button', { name: 'The words agree: let it in' }).press('Enter');
    await expect(here.getByRole('row', { name: /Store 112 enrolled/ })).toBeVisible();
    await expect(there.getByText('This console belongs to Acme Retail.')).toBeVisible();

    await here.getByRole('row', { name: /Store 112 enrolled/ }).press('Enter');
    await here.getByRole('button', { name: 'Revoke…' }).press('Enter');
    await here.keyboard.type('left in a taxi');
    await here.keyboard.press('Enter');
    await expect(here.getByRole('row', { name: /Store 112 revoked/ })).toBeVisible();
    await expect(there.getByText(/This console was revoked by .*left in a taxi/).first()).toBeVisible();
    await expectAccessible(there);
  } finally {
    await hub.stop();
    await rm(other, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
});
