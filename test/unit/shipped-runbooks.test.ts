import { readdirSync, readFileSync } from 'node:fs';
import { parseHttp } from '../../shared/domain/actions/template.ts';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRunbook, type Runbook, type RunbookStep } from '../../shared/domain/runbook/runbook.ts';
import { suggestRunbooks } from '../../shared/domain/runbook/suggest.ts';
import { Audience, Role, StepType } from '../../shared/domain/words.ts';
import { readDemoEstate, RUNBOOKS } from '../support/demo-estate.ts';

const runbooks = readdirSync(RUNBOOKS).map((file) => ({
  file,
  runbook: parseRunbook(file, readFileSync(join(RUNBOOKS, file), 'utf8')),
}));
const estate = readDemoEstate();
const known = new Set([...estate.of('service'), ...estate.of('business-service')].map(({ id }) => id));

/** Where a run may go from a step: a decision goes where its branches lead, any other step to the next one. */
function after({ steps }: Runbook, step: RunbookStep): string[] {
  if (step.type === 'decision') return (step.branches ?? []).map(({ to }) => to);
  return [step.next ?? steps[steps.indexOf(step) + 1]?.id ?? 'end'];
}

/** The steps that a run can come to from one of them, without going through `closed`. */
function reached(runbook: Runbook, closed: (step: RunbookStep) => boolean = () => false, from = 0): Set<string> {
  const found = new Set<string>();
  const ahead = [runbook.steps[from]!.id];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    const step = runbook.steps.find((one) => one.id === id);
    if (found.has(id) || (step && closed(step))) continue;
    found.add(id);
    if (step) ahead.push(...after(runbook, step));
  }
  return found;
}

describe.each(runbooks)('the shipped runbook $file', ({ file, runbook }) => {
  it('is read without a complaint, under the name of its file', () => {
    expect(runbook.problems).toEqual([]);
    expect(`${runbook.id}.md`).toBe(file);
    expect(runbook.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(runbook.summary.length).toBeGreaterThan(60);
  });

  it('says of every step what it is, who does it and how long it takes', () => {
    expect(runbook.steps.length).toBeGreaterThanOrEqual(10);
    expect(new Set(runbook.steps.map(({ id }) => id)).size).toBe(runbook.steps.length);
    for (const step of runbook.steps) {
      expect(StepType.options, step.id).toContain(step.type);
      expect(Role.options, step.id).toContain(step.role);
      expect(step.minutes, step.id).toBeGreaterThan(0);
      expect(step.attributes, step.id).toEqual({});
      expect(step.body.length, step.id).toBeGreaterThan(120);
      if (step.type === 'approval' || step.type === 'action') expect(step.reversible, step.id).not.toBeNull();
      if (step.type === 'decision') expect(step.branches?.length, step.id).toBeGreaterThan(1);
      if (step.type === 'wait') expect(step.until, step.id).toMatch(/\d/);
      if (step.type === 'message') expect(Audience.options, step.id).toContain(step.audience);
    }
  });

  it('decides, asks before danger, tells people and pays its debts', () => {
    const types = runbook.steps.map(({ type }) => type);
    for (const type of ['check', 'decision', 'approval', 'message']) expect(types).toContain(type);
    const clean = runbook.steps.find(({ id }) => /^clean|^close-doors/.test(id))!;
    expect(clean.body.match(/^\d\. /gm)!.length).toBeGreaterThanOrEqual(5);
    for (const { id, type, body } of runbook.steps) if (type === 'message') expect(body, id).toMatch(/^> /m);
  });

  it('measures: every check says a figure', () => {
    const checks = runbook.steps.filter(({ type }) => type === 'check');
    expect(checks.filter(({ body }) => !/\d/.test(body)).map(({ id }) => id)).toEqual([]);
  });

  it('leads to every step, ends from each, and always comes past what must be cleaned up', () => {
    const ids = runbook.steps.map(({ id }) => id);
    for (const [n, step] of runbook.steps.entries()) {
      for (const to of after(runbook, step)) expect([...ids, 'end'], `${step.id} → ${to}`).toContain(to);
      expect(reached(runbook, undefined, n), step.id).toContain('end');
    }
    expect(ids.filter((id) => !reached(runbook).has(id))).toEqual([]);
    const unclean = reached(runbook, ({ id }) => /^clean|^close-doors/.test(id));
    // Only a suspicion that was disproved ends without anything to clean up.
    expect(unclean.has('end')).toBe(runbook.id === 'suspected-breach' || runbook.id === 'stale-inventory');
  });

  it('lets nothing risky or irreversible be done by machine before its approval', () => {
    for (const step of runbook.steps.filter(({ type }) => type === 'action')) {
      expect(step.action?.text, step.id).toMatch(/^(GET|POST|PUT|PATCH|DELETE) \{\{endpoint\.[a-z-]+\}\}\//);
      expect(parseHttp(step.action!.text).problems, step.id).toEqual([]);
      if (step.risk === 'low' && step.reversible) continue;
      const past = reached(runbook, ({ approves }) => approves === step.id);
      expect(past, `${step.id} without its approval`).not.toContain(step.id);
    }
    for (const { id, approves } of runbook.steps)
      if (approves)
        expect(
          runbook.steps.map((step) => step.id),
          id,
        ).toContain(approves);
  });

  it('is found by services that the demonstration has', () => {
    expect(runbook.match.services.length).toBeGreaterThan(0);
    for (const id of [...runbook.match.services, ...runbook.match.businessServices]) expect(known, id).toContain(id);
  });

  it('sends nobody to a step that is not there', () => {
    const last = runbook.steps.length;
    for (const { id, body } of runbook.steps) {
      for (const [, step] of body.matchAll(/\bsteps? (\d+)/g)) expect(Number(step), id).toBeLessThanOrEqual(last);
    }
  });
});

/** What people type at night, and what they have chosen as affected, with the runbook that must come first. */
const SITUATIONS: [runbook: string, title: string, services?: string, business?: string][] = [
  ['checkout-slowdown', 'Checkout failing', 'checkout-api'],
  [
    'checkout-slowdown',
    'Customers cannot pay since the promotion began',
    'checkout-api checkout-pgbouncer',
    'checkout',
  ],
  [
    'checkout-slowdown',
    'Online orders below forecast',
    'checkout-postgres checkout-pgbouncer payments-api',
    'checkout',
  ],
  ['checkout-slowdown', 'Slow since seven', 'cart-api checkout-api'],
  ['warehouse-sync-delay', 'Warehouse sync late'],
  [
    'warehouse-sync-delay',
    'Backlog before Odoo, 6,200 orders waiting',
    'odoo-shop-connector odoo-queue',
    'order-capture',
  ],
  ['warehouse-sync-delay', 'Pick wave at risk', 'odoo-wms-connector'],
  ['duplicate-events', 'Orders arrive twice in Odoo', 'odoo-shop-connector odoo-queue'],
  ['duplicate-events', 'Customers charged twice, duplicate payments', 'payments-api', 'checkout'],
  ['stale-inventory', 'Shop sells what is sold out', 'availability-api', 'inventory-accuracy'],
  ['stale-inventory', 'Stock figures are stale', 'availability-redis'],
  ['failed-batch-job', 'Nightly replenishment did not finish', 'batch-orchestrator', 'store-replenishment'],
  ['failed-batch-job', 'Posting job failed', 'odoo-workers', 'financial-posting'],
  ['partner-api-degradation', 'Carrier answers 429', 'carrier-hub', 'home-delivery'],
  ['partner-api-degradation', 'Tax engine is throttling us', 'tax-engine checkout-api', 'checkout'],
  ['failed-release', 'Errors since the release of order-api', 'order-api'],
  ['failed-release', 'Odoo is broken after the upgrade', 'odoo-web odoo-workers'],
  ['failed-release', 'Canary fails: deployment of slot-api', 'slot-api'],
  ['database-corruption', 'Invalid page in block 4711', 'order-postgres'],
  ['database-corruption', 'Somebody deleted orders in production', 'checkout-postgres order-postgres', 'checkout'],
  ['regional-outage', 'Our cloud region is gone', 'shop-kubernetes checkout-postgres traefik', 'checkout'],
  ['regional-outage', 'Power failure in data centre 1', 'order-postgres odoo-postgres shop-kubernetes'],
  ['payment-provider-latency', 'Payment provider times out', 'payment-gateway payments-api', 'checkout'],
  ['payment-provider-latency', 'Card payments refused', 'card-acquirer', 'in-store-payment'],
  ['sso-outage', 'Nobody can sign in', 'staff-identity'],
  ['sso-outage', 'Keycloak redirect loop'],
  ['store-wan-outage', 'Stores of Ireland West offline', 'wan-ie-west', 'in-store-payment'],
  ['store-wan-outage', 'Line down at the carrier, 14 stores unreachable', 'wan-ie-west store-edge-ie-west pos-ie-west'],
  ['pos-edge-failure', 'Tills freeze in 22 stores', 'pos-de-north', 'in-store-payment'],
  ['pos-edge-failure', 'Store server does not start', 'store-edge-de-west'],
  ['certificate-expiry', 'Certificate of the edge has expired', 'traefik web-shop', 'checkout'],
  ['certificate-expiry', 'TLS handshake fails for all tills', 'device-ca pos-de-west'],
  ['node-exhaustion', 'Pods evicted, nodes under memory pressure', 'shop-kubernetes checkout-api', 'checkout'],
  ['dns-cdn-failure', 'Shop does not resolve: NXDOMAIN', 'edge-dns web-shop', 'checkout'],
  ['dns-cdn-failure', 'CDN answers 503', 'cdn', 'checkout'],
  ['noisy-neighbour', 'A report query starves the shared database', 'odoo-postgres'],
  ['replication-lag', 'Replica is behind', 'odoo-postgres-replica'],
  ['replication-lag', 'Dashboards show old figures', 'analytics-warehouse'],
  ['suspected-breach', 'Files encrypted on two servers, ransomware?', 'store-hub'],
  ['suspected-breach', 'Unknown admin in Keycloak', 'staff-identity'],
  ['suspected-breach', 'Foreign script in the payment page, suspected skimmer', 'web-shop checkout-api', 'checkout'],
  ['wan-recovery', 'Line is back in Ireland West, receipts waiting', 'odoo-pos-connector store-hub'],
];

describe('the first suggestion', () => {
  const services = new Map(estate.of('service').map((service) => [service.id, service]));
  const candidates = runbooks.map(({ runbook }) => runbook);
  const suggest = (title: string, ids = '', business = '') =>
    suggestRunbooks(candidates, {
      title,
      services: ids.split(' ').flatMap((id) => {
        const service = services.get(id);
        return service ? [{ ...service, name: service.title }] : [];
      }),
      businessServices: business === '' ? [] : [{ id: business, name: business }],
    });

  it.each(SITUATIONS)('is %s for "%s" (%s, %s)', (runbook, title, ids, business) => {
    for (const id of (ids ?? '').split(' ').filter(Boolean)) expect(services.has(id), id).toBe(true);
    expect(suggest(title, ids, business)[0]).toMatchObject({ id: runbook });
  });

  it('covers every runbook, and says why', () => {
    expect(new Set(SITUATIONS.map(([id]) => id))).toEqual(new Set(candidates.map(({ id }) => id)));
    expect(suggest('Checkout slow', 'checkout-api', 'checkout')[0]!.reasons.slice(0, 2)).toEqual([
      'the title says "checkout slow"',
      'names Checkout API',
    ]);
    expect(suggest('Something else')).toEqual([]);
    // A word inside another word is no word: "line" is not in "online".
    expect(suggest('Online orders').map(({ id }) => id)).not.toContain('store-wan-outage');
  });
});

describe('what a runbook never says', () => {
  const body = (id: string) => {
    const { runbook } = runbooks.find((one) => one.runbook.id === id)!;
    return runbook.steps.map((step) => step.body).join('\n');
  };

  it.each([
    ['checkout-slowdown', /Never: end sessions of `payments-api`/],
    ['warehouse-sync-delay', /never drop what is already in the queue/],
    ['duplicate-events', /do \*\*not\*\* delete or reset its offset/],
    ['stale-inventory', /never `FLUSHALL`/],
    ['failed-batch-job', /No answer\? Look in the scheduler whether it runs \*\*before\*\* you send it again/],
    ['partner-api-degradation', /never on 429 before `Retry-After`/],
    ['failed-release', /do not run `-u`/],
    ['database-corruption', /--archive-mode=off/],
    ['regional-outage', /Not reachable is not fenced/],
    ['payment-provider-latency', /go to state \*unknown\*, never to \*failed\*/],
    ['sso-outage', /Who asks may not be who approves/],
    ['store-wan-outage', /clear logs and old till images, never receipts/],
    ['pos-edge-failure', /The count of unsent must be equal or higher afterwards/],
    ['certificate-expiry', /are no repair/],
    ['node-exhaustion', /their pods would run twice/],
    ['dns-cdn-failure', /Serial goes up, never back/],
    ['noisy-neighbour', /Nobody restarts a victim/],
    ['replication-lag', /`SELECT pg_drop_replication_slot\(/],
    ['suspected-breach', /Machine stays on/],
    ['wan-recovery', /daily closing wait/],
  ])('%s keeps the sentence that saves the data: %s', (id, sentence) => {
    expect(body(id)).toMatch(sentence);
  });
});
