/**
 * A SEV1: a release takes checkout down in a promotion. From the declaration with an accepted proposal over an approved
 * rollback, a degraded mode and the plan of restoration to the last reconciled order and a closed incident.
 */
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { openStory } from './story.ts';

const { folder, page, holdfast, press, line, seen, until, act, tell } = await openStory();

/** What undoes releases, on this very machine. */
const asked: { method: string; path: string; key: string; body: string }[] = [];
const deployer = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    asked.push({
      method: request.method!,
      path: request.url!,
      key: String(request.headers['idempotency-key'] ?? ''),
      body,
    });
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"revision":"4.17.3"}');
  });
});
await new Promise<void>((resolve) => deployer.listen(0, '127.0.0.1', resolve));
const { port } = deployer.address() as AddressInfo;

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const calendar = join(folder, 'promotion.yaml');
writeFileSync(
  calendar,
  `apiVersion: holdfast.dev/v1
kind: Calendar
metadata: {name: promotion-of-the-story}
spec:
  calendar:
    - {from: ${day(-1)}, to: ${day(1)}, title: Harvest days, multiplier: 2, businessServices: [checkout, order-capture]}
`,
);
await holdfast.done('catalog.import', { paths: [calendar], origin: 'story' });
await holdfast.done('endpoint.add', { endpoint: 'gitops', url: `http://127.0.0.1:${port}` });
await act('ana-kovac');
await holdfast.done('sources.change', { source: 'demonstration', config: { scenario: 'scenario.yaml', from: 'PT7M' } });
const services = () => holdfast.done('health', {});
const of = async (id: string) => (await services()).services.find((service) => service.id === id)?.health;
await until(
  'checkout fails',
  () => of('checkout-api'),
  (health) => health === 'failing',
);

// Declared by what the console proposes.
await press('Control+Shift+I');
await page.getByText('Proposed: Online checkout (tier 1) is failing').waitFor();
await page.keyboard.type('Checkout fails, carts are abandoned');
await press('Enter');
await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
const [declared] = await holdfast.done('incident.list', {});
const incident = declared!.id;
const proposal = await holdfast.done('incident.proposal', { incident });
const asDeclared = await holdfast.done('incident.show', { incident });
await line('/role operations @raj-menon');
await line('/role comms @li-wen');

const cause = await holdfast.done('cause', { incident });
await line('/ask @felix-brandt 10m say what 4.18.0 changed in the pool');
await line('/decide undo 4.18.0 because errors began with it');

// Executives are told, in words that somebody read first.
await line('/update execs');
const updates = page.getByRole('dialog', { name: 'INC-0001: updates' });
const words = updates.getByRole('textbox', { name: 'Words for executives' });
await words.waitFor();
await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[role=dialog] textarea')?.value !== '');
await words.focus();
await press('ControlOrMeta+Enter');
await updates.getByText(/Reviewed by Ana Kovač/).waitFor();
await words.focus();
await press('ControlOrMeta+Enter');
await updates
  .getByRole('region', { name: 'Went out' })
  .getByText(/copied/i)
  .first()
  .waitFor();
await press('Escape');
await updates.waitFor({ state: 'hidden' });

// What may be given up on purpose: no signal calls for it yet, so it is started with a reason.
await press('Control+K');
await page.keyboard.type('every degraded mode');
await press('Enter');
const modes = page.getByRole('region', { name: 'Degraded modes' });
const limit = modes.getByRole('row').filter({ hasText: 'Limit order promises' });
await limit.focus();
await press('Enter');
await page.getByRole('dialog', { name: /why is it started/ }).waitFor();
await page.keyboard.type('stock is not told while checkout fails');
await press('Enter');
await seen('degraded on purpose: Limit order promises');

await line('/run checkout-slowdown');
await seen('runbook started');
const [started] = (await holdfast.done('incident.show', { incident })).runs;
const done = async (step: string, more: { branch?: string; evidence?: string[] } = {}) => {
  await holdfast.done('incident.step', { incident, step, state: 'done', ...more });
};
for (const step of ['command', 'confirm', 'changes']) await done(step);
await done('decide-rollback', { branch: 'rollback-approve' });

// The rollback touches payments: proposed by one, approved by another, then let go.
await act('raj-menon');
const { action, approval } = await holdfast.done('action.propose', {
  incident,
  run: started!.id,
  step: 'rollback',
  service: 'checkout-api',
  inputs: { revision: '4.17.3' },
});
const alone = await holdfast.call('action.approve', { action });
const early = await holdfast.call('action.run', { action });
await act('ana-kovac');
const shown = await holdfast.done('action.show', { action });
await holdfast.done('action.approve', { action, hash: shown.hash, reason: 'errors began with the release' });
await act('raj-menon');
const result = await holdfast.done('action.run', { action, hash: shown.hash });
await act('ana-kovac');

// Back in order, and the debts.
await line('/state mitigating');
const adopted = await holdfast.done('restoration.adopt', { incident });
await holdfast.done('sources.change', {
  source: 'demonstration',
  config: { scenario: 'scenario.yaml', from: 'PT57M' },
});
await until(
  'checkout is well',
  () => of('checkout-api'),
  (health) => health === 'healthy',
);
const plan = await holdfast.done('incident.restoration', { incident });
for (const { id } of plan.items)
  await holdfast.done('restoration.step', {
    incident,
    item: id,
    state: 'verified',
    reason: 'error rate and latency as usual, read by Raj',
  });

// Given up no longer: by the row that has the focus, with a reason while its criteria are not met.
await limit.focus();
await press('Enter');
await page.getByRole('dialog', { name: /End it before/ }).waitFor();
await page.keyboard.type('checkout sells again');
await press('Enter');
await seen('no longer degraded on purpose: Limit order promises');
await line('/state monitoring');
await line('/state resolved');
const { item } = await holdfast.done('cleanup.add', {
  incident,
  title: 'Orders paid twice',
  kind: 'duplicate-events',
  count: 12,
  unit: 'orders',
  owner: 'mo-haas',
});
const open = await holdfast.call('incident.close', { incident });
await holdfast.done('cleanup.done', { incident, item, reconciled: 12, reason: 'refunded, list in the shared folder' });
for (const { id } of (await holdfast.done('incident.cleanup', { incident })).items)
  if (id !== item) await holdfast.done('cleanup.done', { incident, item: id });
await holdfast.done('incident.close', { incident, reason: 'every order is accounted for' });
await seen('closed');

const end = await holdfast.done('incident.show', { incident });
const { entries } = await holdfast.done('incident.timeline', { incident, limit: 1000 });
const sent = await holdfast.done('update.list', { incident });
const given = await holdfast.done('degraded.list', { incident });
deployer.close();
await tell({
  severity: end.severity,
  status: end.status,
  given: given.ended.map(({ mode, ended }) => [mode, ended?.reason]),
  told: sent.audiences[0]!.sent.map(({ channel, reviewedBy }) => [channel, reviewedBy.id]),
  declared: { severity: asDeclared.severity, commander: asDeclared.commander?.id },
  proposed: proposal.severity.proposed,
  model: proposal.response.proposed.model,
  runbook: proposal.runbooks[0]?.id,
  cause: cause.candidates[0]?.service.id,
  approval,
  alone,
  early,
  result: result.state,
  asked,
  adopted: adopted.items,
  open,
  summaries: entries.map(({ summary }) => summary),
});
