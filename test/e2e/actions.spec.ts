/** A guarded request by keyboard: the endpoint in the settings, proposed by one, approved by another, run, its answer seen. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

const BOOK = `---
id: own-cards
title: Cards over the other provider
version: 1.0.0
summary: When payments are slow.
owner: operations
minutes: 10
---
## 1. Agree to it {#agree type=approval approves=send}

## 2. Send cards over the other provider {#send type=action risk=payment-flow reversible=yes effect="Cards go over the other provider."}

\`\`\`http
PUT {{endpoint.payments}}/routing/other
\`\`\`
`;

test('an action is proposed, approved by a second person and run by keyboard, and nothing goes out before', async ({
  holdfast,
  folder,
}) => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    response.end('{"moved":12}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { page } = holdfast;
    const { port } = server.address() as { port: number };
    const people = await holdfast.done('estate.people', {});
    const [proposer, commander] = [people[0]!.id, people[1]!.id];
    const { id: incident } = await holdfast.done('incident.declare', {
      title: 'Payments slow',
      services: ['payments-api'],
      commander,
    });
    await holdfast.done('settings.set', { actingAs: proposer });

    await holdfast.done('endpoint.add', { endpoint: 'payments', url: `http://127.0.0.1:${port}` });

    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByText('Payments slow').first().click();
    await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('propose an action');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Propose an action' });
    await dialog.getByLabel('Action').selectOption('template reroute-payments');
    await dialog.getByLabel('Provider that takes over').fill('second-psp');
    await expect(dialog.getByLabel('The request')).toContainText(`PUT http://127.0.0.1:${port}/routing/cards`);
    await expect(dialog.getByLabel('The request')).toContainText('"provider": "second-psp"');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: /^Propose/ }).press('Enter');
    await expect(dialog).toBeHidden();

    const actions = page.getByRole('region', { name: 'Actions' });
    const row = actions.getByRole('row').first();
    await row.focus();
    await expect(row).toContainText('It waits for an approval');
    await expect(row.getByRole('button', { name: /^Approve/ })).toBeHidden();

    await holdfast.done('settings.set', { actingAs: commander });
    await expect(row.getByRole('button', { name: /^Approve/ })).toBeVisible();
    await row.focus();
    await page.keyboard.press('y');
    await expect(page.getByRole('dialog', { name: /^Approve/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(row).toContainText('It may run');
    expect(received).toEqual([]);
    await expect(row).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Run it/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(row).toContainText('Answered 200.');
    await expect(row).toContainText('{"moved":12}');
    expect(received).toEqual(['PUT /routing/cards']);
    await expectAccessible(page);
    const [action] = await holdfast.done('action.list', { incident });
    expect(action).toMatchObject({ state: 'done', approvals: [{ by: { id: commander } }] });

    // The same from the steps of a runbook: whoever stands on the approval proposes what it is for, and asks who may give it.
    await mkdir(join(folder, 'runbooks'), { recursive: true });
    await writeFile(join(folder, 'runbooks', 'own-cards.md'), BOOK);
    await holdfast.done('settings.set', { actingAs: proposer });
    await expect
      .poll(async () => (await holdfast.done('runbook.list', {})).some(({ id }) => id === 'own-cards'))
      .toBe(true);
    await holdfast.done('incident.run', { incident, runbook: 'own-cards' });
    const run = page.getByRole('region', { name: 'Runbook Cards over the other provider' });
    const [agree, send] = [run.getByRole('row').nth(0), run.getByRole('row').nth(1)];
    await agree.focus();
    await expect(agree).toContainText(`May approve: ${people[1]!.name}`);
    await agree.press('p');
    await expect(dialog.getByLabel('The request')).toContainText(`PUT http://127.0.0.1:${port}/routing/other`);
    await dialog.getByRole('button', { name: /^Propose/ }).press('Enter');
    await expect(dialog).toBeHidden();
    await expect(agree).toBeFocused();
    await expect(send).toContainText(`action proposed: waits for the approval of ${people[1]!.name}`);
    await agree.press('a');
    await expect(page.getByLabel('Write in the timeline')).toHaveValue(`/ask @${commander} 5m approve: Agree to it`);
    expect(received).toEqual(['PUT /routing/cards']);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
