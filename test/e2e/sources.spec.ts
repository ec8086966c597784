/** Sources on screen: what is silent, adding one by a form, a test that says what it saw, a credential that never comes back. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

/** A server that answers every request alike, and what it was asked with. */
async function answering(
  body: string,
  type: string,
): Promise<{ url: string; authorizations: string[]; server: Server }> {
  const authorizations: string[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization ?? '');
    response.writeHead(200, { 'content-type': type });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, authorizations, server };
}

test('a source is added by its form after a test that says what it saw; its credential is never shown again', async ({
  open,
}) => {
  const console_ = await open();
  const { page } = console_;
  const { url, authorizations, server } = await answering(
    JSON.stringify({ status: 'success', data: [] }),
    'application/json',
  );
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await expect(page.getByText('every health is unknown')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('a');
  const form = page.getByRole('form', { name: 'Add a source' });
  await form.getByRole('combobox', { name: 'Kind' }).selectOption('alertmanager');
  await form.getByRole('button', { name: 'Add source' }).click();
  await expect(form.getByRole('alert')).toContainText('Address is needed.');
  await expect(form.getByRole('textbox', { name: 'Address' })).toBeFocused();
  await page.keyboard.type(url);
  await form.getByLabel(/^Credential/).fill('ana:s3cret-word');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Test connection' }).click();
  await expect(form.getByRole('status')).toContainText(/ ms/);
  expect(authorizations.at(-1)).toBe(`Basic ${Buffer.from('ana:s3cret-word').toString('base64')}`);
  await form.getByRole('button', { name: 'Add source' }).click();

  await expect(page.getByText('kept on this machine, never shown')).toBeVisible();
  await page.keyboard.press('e');
  await expect(page.getByLabel(/^Credential/)).toHaveValue('');
  expect(await page.content()).not.toContain('s3cret-word');
  const [source] = await console_.done('sources.list', {});
  expect(source).toMatchObject({ type: 'alertmanager', config: { url }, credential: true });
  expect(JSON.stringify(source)).not.toContain('s3cret-word');
  server.close();
});

test('a server that answers with a page instead of data is told in one sentence, and can be switched off and removed', async ({
  open,
}) => {
  const console_ = await open();
  const { page } = console_;
  const { url, server } = await answering('<!doctype html><title>Sign in</title>', 'text/html');
  await console_.done('sources.add', {
    id: 'shop',
    title: 'Shop metrics',
    type: 'prometheus',
    config: { url, intervalSeconds: 1 },
  });
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.getByRole('row', { name: /Shop metrics/ }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByRole('status').filter({ hasText: / ms/ })).toContainText(/HTML|page/i);
  await expect(page.getByRole('grid', { name: 'Sources' })).toContainText('down');
  await expect(page.getByRole('banner')).toContainText('1 down');
  await page.getByRole('button', { name: 'Switch off' }).click();
  await expect(page.getByRole('grid', { name: 'Sources' })).toContainText('off');
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('every health is unknown')).toBeVisible();
  expect(await console_.done('sources.list', {})).toEqual([]);
  server.close();
});
