/**
 * The night on which single sign-on goes down: somebody signs in with it, it is killed in mid-session, two people break the glass, the
 * action is approved, the provider comes back, somebody else reviews what was done, and only then the incident closes.
 */
import { CLIENT, signInAs, startIdentityProvider } from '../support/identity-provider.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

const WORDS = 'seven lemons on a tram';

declare global {
  // Where the console of this test sent its browser.
  // oxlint-disable-next-line no-var
  var sentTo: string[] | undefined;
}

/** Lets the console think that it opened a browser. */
async function instead(console_: Console): Promise<void> {
  await console_.app.evaluate(({ shell }) => {
    globalThis.sentTo = [];
    shell.openExternal = (url) => {
      globalThis.sentTo!.push(url);
      return Promise.resolve();
    };
  });
}

/** The address that the console opened since it was last asked. */
async function opened(console_: Console): Promise<string> {
  let url: string | undefined;
  await expect
    .poll(async () => (url = await console_.app.evaluate(() => globalThis.sentTo!.splice(0).at(-1))))
    .toBeTruthy();
  return url!;
}

test('single sign-on goes down in mid-session, the glass is broken, and all is accounted for when it is back', async ({
  holdfast,
}) => {
  const provider = await startIdentityProvider({
    raj: { preferred_username: 'raj-menon', groups: ['crew'] },
    mo: { preferred_username: 'mo-haas', groups: ['audit'] },
  });
  try {
    const { page } = holdfast;
    const strip = page.getByRole('banner');
    await instead(holdfast);
    await holdfast.done('settings.set', { actingAs: 'ana-kovac' });
    const { id: incident } = await holdfast.done('incident.declare', {
      title: 'Payments slow',
      services: ['payments-api'],
      commander: 'raj-menon',
    });
    await holdfast.done('endpoint.add', { endpoint: 'payments', url: 'http://127.0.0.1:49151' });
    await holdfast.done('action.propose', {
      incident,
      template: 'reroute-payments',
      inputs: { provider: 'second-psp' },
    });
    await holdfast.done('access.grant', { to: 'group:audit', role: 'auditor' });

    // Set in the settings, by keys.
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Set single sign-on' }).press('Enter');
    const setting = page.getByRole('dialog', { name: 'Set single sign-on' });
    await expect(setting.getByLabel('Issuer')).toBeFocused();
    await page.keyboard.type(provider.issuer);
    await page.keyboard.press('Tab');
    await page.keyboard.type(CLIENT);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Contoso');
    await setting.getByRole('button', { name: 'Test' }).press('Enter');
    await expect(setting.getByRole('status')).toContainText('It answers');
    await expectAccessible(page);
    await setting.getByLabel('Client id').press('Enter');
    await expect(setting).toBeHidden();
    await holdfast.done('access.grant', { to: 'ana-kovac', role: 'keeper' });
    await holdfast.done('access.secret', { person: 'ana-kovac', secret: WORDS });
    await holdfast.done('access.lock', {});

    // Left off once, then done.
    await page.keyboard.press('ControlOrMeta+l');
    const question = page.getByRole('dialog', { name: 'Unlock' });
    await question.getByRole('button', { name: 'Sign in with Contoso' }).press('Enter');
    await expect(question.getByRole('status')).toContainText('sign in there in the browser');
    await expectAccessible(page);
    expect(await opened(holdfast)).toContain('code_challenge_method=S256');
    await page.keyboard.press('Enter');
    await question.getByRole('button', { name: 'Sign in with Contoso' }).press('Enter');
    expect(await signInAs(await opened(holdfast), 'raj')).toContain('Signed in as Raj Menon');
    await expect(question).toBeHidden();
    await expect(strip).toContainText('Raj Menon');

    await provider.kill();
    await page.getByRole('button', { name: 'Ask again now' }).press('Enter');
    await expect(strip).toContainText(/verified .* ago, SSO unreachable/);
    await expect(page.getByRole('region', { name: 'Single sign-on' })).toContainText('unreachable since');
    await expectAccessible(page);
    const [action] = await holdfast.done('action.list', { incident });
    const early = await holdfast.call('action.approve', { action: action!.id, hash: action!.hash });
    expect(early.ok ? '' : early.message).toContain('"approve-critical"');

    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('break glass');
    await page.keyboard.press('Enter');
    const glass = page.getByRole('dialog', { name: 'Break glass' });
    await glass.getByText('Two people here').click();
    await expect(glass.getByRole('combobox', { name: 'Who holds it' })).toHaveValue('Raj Menon');
    await glass.getByLabel('Reason').fill('Single sign-on is down, and cards must go over the other provider');
    await glass.getByRole('combobox', { name: 'The second person', exact: true }).fill('Ana');
    await page.keyboard.press('Enter');
    await glass.getByLabel('The second person: passphrase or PIN').fill(WORDS);
    await page.keyboard.press('Enter');
    await expect(glass).toBeHidden();
    const force = page.getByRole('button', { name: /EMERGENCY ACCESS\s+Raj Menon/ });
    await expect(force).toBeVisible();

    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByText('Payments slow').first().click();
    await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
    const row = page.getByRole('region', { name: 'Actions' }).getByRole('row').first();
    await row.focus();
    await page.keyboard.press('y');
    await expect(page.getByRole('dialog', { name: /^Approve/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(row).toContainText('It may run');

    await provider.revive();
    await holdfast.done('sso.retry', {});
    await expect(strip).not.toContainText('unreachable');
    await force.press('Enter');
    const detail = page.getByRole('article', { name: /^Emergency access BG-/ });
    await expect(detail.getByRole('region', { name: 'Done under it' })).toContainText('approved');
    await detail.getByRole('button', { name: 'End it now' }).press('Enter');
    await page.keyboard.press('Enter');
    await expect(force).toBeHidden();
    await holdfast.done('action.withdraw', { action: action!.id, reason: 'cards recovered by themselves' });
    await holdfast.done('incident.state', { incident, status: 'resolved' });
    const unreviewed = await holdfast.call('incident.close', { incident });
    expect(unreviewed.ok ? '' : unreviewed.message).toMatch(/nobody else has reviewed it/);

    // Whoever reviews it had no part in it, and is an auditor by a group of the provider.
    await page.keyboard.press('ControlOrMeta+l');
    await page.getByRole('button', { name: 'Sign in with Contoso' }).press('Enter');
    await signInAs(await opened(holdfast), 'mo');
    await expect(strip).toContainText('Mo Haas');
    await detail.getByRole('button', { name: 'Reviewed: proper' }).press('Enter');
    await page.keyboard.type('Agreed on the phone; nothing went out.');
    await page.keyboard.press('Enter');
    await expect(detail).toContainText('Agreed on the phone');
    await holdfast.done('incident.close', { incident });

    // A provider that says no ends the session at once, with the reason.
    provider.accounts = {};
    await holdfast.done('sso.retry', {});
    await expect(strip).toContainText('locked');
    await expect(page.getByText(/Mo Haas is signed in no more: Contoso /)).toBeVisible();
    await holdfast.done('access.unlock', { person: 'ana-kovac', secret: WORDS });
    const { lines } = await holdfast.done('audit.list', { everything: true });
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['access.unlock', 'breakglass.open', 'action.approve', 'breakglass.review', 'sso.end']),
    );
  } finally {
    await provider.kill();
  }
});
