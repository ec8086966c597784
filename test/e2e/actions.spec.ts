/** A guarded request by keyboard: the endpoint in the settings, proposed by one, approved by another, run, its answer seen. */
import { createServer } from 'node:http';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('an action is proposed, approved by a second person and run by keyboard, and nothing goes out before', async ({
  holdfast,
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
    await row.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /^Run it/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(row).toContainText('Answered 200.');
    await expect(row).toContainText('{"moved":12}');
    expect(received).toEqual(['PUT /routing/cards']);
    await expectAccessible(page);
    const [action] = await holdfast.done('action.list', { incident });
    expect(action).toMatchObject({ state: 'done', approvals: [{ by: { id: commander } }] });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
