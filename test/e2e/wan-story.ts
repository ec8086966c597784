/**
 * A region's stores lose their line, go on selling from their own servers, and come back: what they buffered is counted, let
 * in under an approved throttle, and signed for. Command changes hands in between, on the other one's word.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openStory } from './story.ts';

const { page, holdfast, press, line, seen, until, act, tell } = await openStory();

const limits: string[] = [];
const connector = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    limits.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"rate_share":0.25}');
  });
});
await new Promise<void>((resolve) => connector.listen(0, '127.0.0.1', resolve));
await holdfast.done('endpoint.add', {
  endpoint: 'connector',
  url: `http://127.0.0.1:${(connector.address() as AddressInfo).port}`,
});

await act('aoife-brennan');
await holdfast.done('sources.change', {
  source: 'demonstration',
  config: { scenario: 'scenario.yaml', from: 'PT10M' },
});
const wan = async () =>
  (await holdfast.done('health', {})).services.find(({ id }) => id === 'wan-ie-west')?.health ?? 'unknown';
await until('the line of Ireland West is down', wan, (health) => health === 'failing');

// What a store that cannot be heard of says by phone counts, with who said it.
const [trouble] = (await holdfast.done('store.list', { region: 'ie-west' })).stores;
await holdfast.done('store.report', {
  store: trouble!.id,
  wan: 'down',
  fallback: true,
  buffered: 41,
  bufferedMinor: 118_250,
  reason: 'the manager rang: tills sell, receipts are kept on the box',
});
const shop = await holdfast.done('store.show', { store: trouble!.id });

await press('Control+Shift+I');
await page.keyboard.type('Stores in Ireland West are cut off');
await press('Enter');
await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
const incident = (await holdfast.done('incident.list', {}))[0]!.id;
await line('/affect wan-ie-west');
await line('/role commander @aoife-brennan');
await line('/role operations @sven-oltmanns');
const proposal = await holdfast.done('incident.proposal', { incident });
await line('/run store-wan-outage');
await seen('runbook started');
const done = (step: string, branch?: string) =>
  holdfast.done('incident.step', {
    incident,
    step,
    state: 'done',
    ...(branch === undefined ? {} : { branch }),
    overrule: true,
    reason: 'told over the phone',
  });
await done('pattern');
await done('command');
await done('ours');

// The stores hear what they can and cannot do.
const { text } = await holdfast.done('update.draft', { incident, audience: 'store-operations' });
await holdfast.done('update.save', { incident, audience: 'store-operations', text });
const unread = await holdfast.call('update.send', { incident, audience: 'store-operations', channel: 'read-out' });
await act('cian-doyle');
await holdfast.done('update.review', { incident, audience: 'store-operations' });
await act('aoife-brennan');
await holdfast.done('update.send', { incident, audience: 'store-operations', channel: 'read-out' });

// Do you take command?
const offer = await holdfast.done('handover.offer', { incident, to: 'ana-kovac' });
const notAsked = await holdfast.call('handover.accept', { incident, handover: offer.id });
const meanwhile = (await holdfast.done('incident.show', { incident })).commander?.id;
await act('ana-kovac');
await holdfast.done('handover.accept', { incident, handover: offer.id });
const afterwards = (await holdfast.done('incident.show', { incident })).commander?.id;

// The line returns; what was buffered comes in slowly.
await holdfast.done('sources.change', {
  source: 'demonstration',
  config: { scenario: 'scenario.yaml', from: 'PT50M' },
});
await until('the line is back', wan, (health) => health === 'healthy');
await line('/run wan-recovery');
await act('sven-oltmanns');
const runs = (await holdfast.done('incident.show', { incident })).runs;
const recovery = runs.find(({ runbook }) => runbook === 'wan-recovery')!;
const { action } = await holdfast.done('action.propose', {
  incident,
  run: recovery.id,
  step: 'throttle',
  service: 'wan-ie-west',
  inputs: { stores: shop.id },
});
const unapproved = await holdfast.call('action.run', { action });
await act('ana-kovac');
await holdfast.done('action.approve', { action });
await act('sven-oltmanns');
const throttled = await holdfast.done('action.run', { action });
await act('ana-kovac');

await line('/state resolved the line is back and the stores sell online');
const { proposals } = await holdfast.done('incident.cleanup', { incident });
const buffered = proposals.find(({ kind }) => kind === 'store-transactions');
const { item } = await holdfast.done('cleanup.add', { incident, proposal: buffered!.key, owner: 'cian-doyle' });
const withDebt = await holdfast.call('incident.close', { incident });
await holdfast.done('cleanup.accept', {
  incident,
  item,
  person: 'katrin-ebel',
  reason: 'the last receipts come with the next closing',
});
await holdfast.done('incident.close', { incident });
await seen('closed');

const end = await holdfast.done('incident.show', { incident });
const { entries } = await holdfast.done('incident.timeline', { incident, limit: 1000 });
connector.close();
await tell({
  told: shop.reports[0]?.text,
  proposal: {
    severity: proposal.severity.proposed,
    ...proposal.response.proposed,
    runbook: proposal.runbooks[0]?.id,
  },
  text,
  unread,
  notAsked,
  meanwhile,
  afterwards,
  unapproved,
  throttled: throttled.state,
  limits,
  buffered,
  withDebt,
  status: end.status,
  summaries: entries.map(({ summary }) => summary),
});
