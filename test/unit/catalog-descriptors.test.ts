import { describe, expect, it } from 'vitest';
import { component, documents, places, TestEstate } from '../support/catalog.ts';

const BACKSTAGE = 'apiVersion: backstage.io/v1alpha1';

describe('Backstage descriptors', () => {
  it('become services, teams, people, groupings and dependencies, whatever form their references have', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'org.yaml': `
${BACKSTAGE}
kind: Group
metadata: {name: Payments, description: Cards}
spec:
  type: team
  profile: {displayName: Payments and Risk, email: pay@shop.example, picture: https://shop.example/p.png}
  parent: retail
  children: [group:default/fraud]
  members: [ana, User:Default/LI]
---
${BACKSTAGE}
kind: Group
metadata: {name: retail}
spec: {type: organization, children: []}
---
${BACKSTAGE}
kind: Group
metadata: {name: fraud}
spec: {type: team, children: []}
---
${BACKSTAGE}
kind: User
metadata:
  name: ana
  annotations: {holdfast.dev/phone: 0664 1234567, holdfast.dev/timezone: Europe/Vienna, holdfast.dev/title: Engineer}
spec:
  profile: {displayName: Ana Kovač, email: ana@shop.example}
  memberOf: [fraud]
---
${BACKSTAGE}
kind: User
metadata: {name: li}
spec: {}
`,
      'services.yaml': `
${BACKSTAGE}
kind: Component
metadata: {name: Checkout, namespace: shop, title: Checkout}
spec:
  type: website
  lifecycle: production
  owner: GROUP:default/payments
  system: basket
  dependsOn: [resource:shop/db, Component:default/Prices, resource:cache, legacy]
  consumesApis: [default/payments-v1]
---
${BACKSTAGE}
kind: Resource
metadata: {name: db, namespace: shop}
spec: {type: database, owner: default/payments}
---
${BACKSTAGE}
kind: Resource
metadata: {name: cache, namespace: shop}
spec: {type: redis, owner: default/payments, dependencyOf: [component:shop/legacy]}
---
${BACKSTAGE}
kind: Component
metadata: {name: prices}
spec: {type: service, owner: payments, subcomponentOf: component:payments-api}
---
${BACKSTAGE}
kind: Component
metadata: {name: payments-api}
spec: {type: service, owner: payments, providesApis: [api:payments-v1]}
---
${BACKSTAGE}
kind: Component
metadata: {name: legacy, namespace: shop}
spec: {type: service, owner: {kind: Group, namespace: default, name: payments}}
---
${BACKSTAGE}
kind: API
metadata: {name: payments-v1}
spec: {type: openapi, lifecycle: production, owner: payments, definition: {$text: ./openapi.yaml}}
---
${BACKSTAGE}
kind: System
metadata: {name: basket, namespace: shop}
spec: {owner: default/payments, domain: default/e-commerce}
---
${BACKSTAGE}
kind: Domain
metadata: {name: e-commerce}
spec: {owner: payments}
`,
    });
    expect(problems).toEqual([]);
    expect(estate.get('service', 'checkout')).toMatchObject({
      ref: 'component:shop/checkout',
      name: 'Checkout',
      title: 'Checkout',
      kind: 'channel',
      lifecycle: 'production',
      owner: 'payments',
      system: 'basket',
      domain: 'e-commerce',
      consumesApis: ['payments-v1'],
    });
    expect(estate.get('service', 'prices')).toMatchObject({ partOf: 'payments-api', owner: 'payments' });
    expect(estate.get('service', 'db')).toMatchObject({ kind: 'database' });
    expect(estate.get('service', 'cache')).toMatchObject({ kind: 'cache' });
    expect(estate.ids('dependency')).toEqual([
      'checkout->cache',
      'checkout->db',
      'checkout->legacy',
      'checkout->payments-api',
      'checkout->prices',
      'legacy->cache',
    ]);
    expect(estate.get('dependency', 'checkout->payments-api')).toMatchObject({
      api: 'payments-v1',
      strength: 'hard',
      mode: 'sync',
    });
    expect(estate.get('team', 'payments')).toMatchObject({
      name: 'Payments',
      title: 'Payments and Risk',
      email: 'pay@shop.example',
      parent: 'retail',
      members: ['ana', 'li'],
      spec: { type: 'team', profile: { picture: 'https://shop.example/p.png' } },
    });
    expect(estate.get('team', 'fraud')).toMatchObject({ parent: 'payments', members: ['ana'] });
    expect(estate.get('person', 'ana')).toMatchObject({
      name: 'Ana Kovač',
      title: 'Engineer',
      phone: '0664 1234567',
      timezone: 'Europe/Vienna',
      teams: ['fraud', 'payments'],
    });
    expect(estate.get('person', 'li')).toMatchObject({ name: 'li', teams: ['payments'] });
    expect(estate.get('grouping', 'payments-v1')).toMatchObject({
      type: 'api',
      spec: { definition: { $text: './openapi.yaml' } },
    });
  });

  it('say in annotations what Holdfast wants to know', () => {
    const estate = new TestEstate();
    const { problems } = estate.import(
      {
        'a.yaml': documents(
          component('checkout', {
            annotations: `
holdfast.dev/kind: API
holdfast.dev/domain: E-Commerce
holdfast.dev/tier: 1
holdfast.dev/rto: PT15M
holdfast.dev/rpo: PT90S
holdfast.dev/business-services: checkout, orders
holdfast.dev/region: alps
holdfast.dev/dependencies: >-
  component:default/mail=soft,async;
  vendor=hard,batch
holdfast.dev/prometheus: |
  - {name: error rate, query: 'rate(x{code=~"5.."}[5m])', unit: ratio, early: ">0.01", failing: ">= 0.1", tier: customer-impacting}
  - name: latency
    query: histogram_quantile(0.95, x)
holdfast.dev/alert-match: service=checkout; job=~checkout-.*
holdfast.dev/vendor-status: https://status.psp.example
holdfast.dev/support: "+43 1 234"
holdfast.dev/runbooks: checkout-slowdown
holdfast.dev/dashboards: https://grafana.example/d/1, https://grafana.example/d/2
holdfast.dev/logs: https://logs.example/?q=a,b
backstage.io/techdocs-ref: dir:.`.trim(),
            metadata:
              'labels: {team: a}\ntags: [java, java]\nlinks:\n  - url: https://x.example\n  - {url: "tel:+431", title: Desk, icon: phone}',
            spec: 'dependsOn: [component:mail]\nrunbookOwner: {a: [1, null]}',
          }),
          component('mail'),
          component('vendor'),
          'apiVersion: holdfast.dev/v1\nkind: BusinessService\nmetadata: {name: checkout}\nspec: {}\n',
          'apiVersion: holdfast.dev/v1\nkind: BusinessService\nmetadata: {name: Orders}\nspec: {}\n',
          'apiVersion: holdfast.dev/v1\nkind: Region\nmetadata: {name: alps}\nspec: {timezone: Europe/Vienna, country: at}\n',
        ),
      },
      { runbooks: new Set(['checkout-slowdown']) },
    );
    expect(problems).toEqual([]);
    expect(estate.get('service', 'checkout')).toMatchObject({
      kind: 'api',
      domain: 'e-commerce',
      tier: 1,
      rtoMinutes: 15,
      rpoMinutes: 1.5,
      businessServices: ['checkout', 'orders'],
      region: 'alps',
      metrics: [
        {
          name: 'error rate',
          query: 'rate(x{code=~"5.."}[5m])',
          unit: 'ratio',
          early: '>0.01',
          failing: '>= 0.1',
          tier: 'customer-impacting',
        },
        { name: 'latency', query: 'histogram_quantile(0.95, x)', unit: '' },
      ],
      alertMatch: [
        [{ label: 'service', op: '=', value: 'checkout' }],
        [{ label: 'job', op: '=~', value: 'checkout-.*' }],
      ],
      vendorStatus: 'https://status.psp.example',
      support: '+43 1 234',
      runbooks: ['checkout-slowdown'],
      dashboards: ['https://grafana.example/d/1', 'https://grafana.example/d/2'],
      logs: ['https://logs.example/?q=a,b'],
      labels: { team: 'a' },
      tags: ['java'],
      links: [
        { title: 'https://x.example', url: 'https://x.example' },
        { title: 'Desk', url: 'tel:+431', icon: 'phone' },
      ],
      annotations: { 'backstage.io/techdocs-ref': 'dir:.' },
      spec: { type: 'service', runbookOwner: { a: [1, null] } },
    });
    expect(estate.get('dependency', 'checkout->mail')).toMatchObject({ strength: 'soft', mode: 'async' });
    expect(estate.get('dependency', 'checkout->vendor')).toMatchObject({ strength: 'hard', mode: 'batch' });
    expect(estate.get('region', 'alps')).toMatchObject({ timezone: 'Europe/Vienna', country: 'AT' });
  });

  it('read from the catalog API bring their relations with them', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'api.yaml': documents(
        component('a', { metadata: 'uid: 11-22\netag: zzz' }) +
          'relations:\n  - {type: dependsOn, targetRef: component:default/b}\n  - {type: ownedBy, target: {kind: group, namespace: default, name: t}}\n  - {type: hasSomethingElse, targetRef: component:default/b}\n',
        component('b') +
          'relations:\n  - {type: dependencyOf, targetRef: component:default/a}\n  - {type: partOf, targetRef: system:default/s}\n',
        `${BACKSTAGE}\nkind: Group\nmetadata: {name: t}\nspec: {}\nrelations:\n  - {type: hasMember, targetRef: user:default/u}\n`,
        `${BACKSTAGE}\nkind: User\nmetadata: {name: u}\nspec: {}\n`,
        `${BACKSTAGE}\nkind: System\nmetadata: {name: s}\nspec: {}\nrelations:\n  - {type: hasPart, targetRef: component:default/a}\n`,
      ),
    });
    expect(problems).toEqual([]);
    expect(estate.ids('dependency')).toEqual(['a->b']);
    expect(estate.get('service', 'a')).toMatchObject({ owner: 't', system: 's', uid: '11-22', metadata: {} });
    expect(estate.get('service', 'b')).toMatchObject({ system: 's' });
    expect(estate.get('person', 'u')).toMatchObject({ teams: ['t'] });
  });
});

describe('plain estate files', () => {
  const week = (value: string) => `[${Array<string>(168).fill(value).join(', ')}]`;

  it('hold business services, stores, regions and sources', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'plain.yaml': documents(
        component('web'),
        `apiVersion: holdfast.dev/v1
kind: BusinessService
metadata: {name: checkout, title: Online checkout, description: Pay}
spec:
  criticality: "1"
  domains: [e-commerce]
  services: [component:web]
  rto: PT15M
  currency: eur
  unit: orders
  prometheus:
    - {query: 'sum(rate(orders[5m]))', measures: orders}
  baseline:
    timezone: Europe/Vienna
    orders: ${week('12.5')}
    revenueMinor: ${week('1000')}
`,
        `apiVersion: holdfast.dev/v1
kind: Store
metadata: {name: store-112, title: Graz Hauptplatz}
spec:
  region: alps
  timezone: Europe/Vienna
  country: AT
  hours: {mon: ["07:30-12:00", "14:00-24:00"], Sunday: []}
  services: [web]
  phone: 0316 123
  share: 0.008
  formats: [city]
`,
        'apiVersion: holdfast.dev/v1\nkind: Region\nmetadata: {name: alps}\nspec: {timezone: Europe/Vienna, country: AT}\n',
        'apiVersion: holdfast.dev/v1\nkind: Source\nmetadata: {name: prom, title: Prometheus}\nspec: {type: prometheus, url: "http://127.0.0.1:9090", every: 15}\n',
      ),
    });
    expect(problems).toEqual([]);
    expect(estate.get('business-service', 'checkout')).toMatchObject({
      criticality: 1,
      services: ['web'],
      rtoMinutes: 15,
      currency: 'EUR',
      throughput: [{ name: 'throughput', query: 'sum(rate(orders[5m]))', measures: 'orders' }],
      baseline: {
        timezone: 'Europe/Vienna',
        orders: Array(168).fill(12.5),
        revenueMinor: Array(168).fill(1000),
        transactions: null,
      },
    });
    expect(estate.get('store', 'store-112')).toMatchObject({
      title: 'Graz Hauptplatz',
      region: 'alps',
      services: ['web'],
      hours: { mon: ['07:30-12:00', '14:00-24:00'], sun: [] },
      phone: '0316 123',
      share: 0.008,
      spec: { formats: ['city'] },
    });
    expect(estate.get('source', 'prom')).toMatchObject({
      type: 'prometheus',
      config: { url: 'http://127.0.0.1:9090', every: 15 },
      enabled: true,
    });
  });

  it('hold calendars of holidays and promotions, and tell what makes no sense in them', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'c.yaml': `apiVersion: holdfast.dev/v1
kind: Calendar
metadata: {name: holidays}
spec:
  calendar:
    - {from: 2026-12-24, to: 2026-12-26, title: Christmas, multiplier: 0.1, businessServices: [businessservice:checkout], regions: [Alps]}
    - {from: "2026-11-27T18:00", to: "2026-11-27T23:00", title: Sale, multiplier: "1.6"}
    - {from: 2026-12-26, to: 2026-12-24, title: Backwards, multiplier: 1}
    - {from: 2026-02-30, title: No day, multiplier: 1}
    - {from: 2026-01-01, title: No factor, multiplier: -2}
`,
    });
    expect(places(problems)).toEqual([
      'c.yaml:8 spec.calendar[2]',
      'c.yaml:9 spec.calendar[3]',
      'c.yaml:10 spec.calendar[4]',
    ]);
    expect(estate.get('calendar', 'holidays')!.calendar).toEqual([
      {
        from: '2026-12-24',
        to: '2026-12-26',
        title: 'Christmas',
        multiplier: 0.1,
        businessServices: ['checkout'],
        regions: ['alps'],
      },
      {
        from: '2026-11-27T18:00',
        to: '2026-11-27T23:00',
        title: 'Sale',
        multiplier: 1.6,
        businessServices: [],
        regions: [],
      },
    ]);
  });

  it('never bring a credential into the log', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      's.yaml': `apiVersion: holdfast.dev/v1
kind: Source
metadata: {name: prom}
spec:
  type: prometheus
  url: https://user:hunter2@prom.example
  bearerToken: hunter2
  headers: {X-Api-Key: hunter2}
  proxies: ["http://a:hunter2@b"]
  timeout: 5
`,
    });
    expect(places(problems, 'error')).toEqual([
      's.yaml:6 spec.url',
      's.yaml:7 spec.bearerToken',
      's.yaml:8 spec.headers.X-Api-Key',
      's.yaml:9 spec.proxies[0]',
    ]);
    expect(estate.get('source', 'prom')!.config).toEqual({ timeout: 5 });
    expect(JSON.stringify(estate.existing())).not.toContain('hunter2');
  });
});

describe('what is wrong', () => {
  it('is named with file, line and field, and the rest of the entity is kept', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'bad.yaml': documents(
        component('checkout', {
          annotations: `holdfast.dev/kind: thing
holdfast.dev/tier: 5
holdfast.dev/rto: 15m
holdfast.dev/alert-match: service
holdfast.dev/vendor-status: status.example
holdfast.dev/prometheus: |
  - {name: ok, query: up}
  - {name: bad, query: up, early: lots}
  - {query: up}
  - text
holdfast.dev/id: No Id
odd: [1]`,
          metadata: 'links: [{url: "javascript:alert(1)"}, {title: no url}]',
          spec: 'dependsOn: ["a b", nowhere, component:checkout]\nowner: component:checkout',
        }),
        `apiVersion: holdfast.dev/v1
kind: Store
metadata: {name: s1}
spec:
  timezone: Vienna
  share: 2
  hours: {mon: ["7-20"], someday: []}
`,
        `apiVersion: holdfast.dev/v1
kind: BusinessService
metadata: {name: b1}
spec:
  criticality: 9
  baseline: {timezone: Europe/Vienna, orders: [1, 2], transactions: ${JSON.stringify([...Array<number>(167).fill(1), -1])}}
`,
      ),
    });
    expect(places(problems)).toEqual([
      'bad.yaml:5 metadata.links[0]',
      'bad.yaml:5 metadata.links[1]',
      'bad.yaml:7 metadata.annotations.holdfast.dev/kind',
      'bad.yaml:8 metadata.annotations.holdfast.dev/tier',
      'bad.yaml:9 metadata.annotations.holdfast.dev/rto',
      'bad.yaml:10 metadata.annotations.holdfast.dev/alert-match',
      'bad.yaml:11 metadata.annotations.holdfast.dev/vendor-status',
      'bad.yaml:14 metadata.annotations.holdfast.dev/prometheus[1].early',
      'bad.yaml:15 metadata.annotations.holdfast.dev/prometheus[2].name',
      'bad.yaml:16 metadata.annotations.holdfast.dev/prometheus[3]',
      'bad.yaml:17 metadata.annotations.holdfast.dev/id',
      'bad.yaml:18 metadata.annotations.odd',
      'bad.yaml:21 spec.dependsOn[0]',
      'bad.yaml:21 spec.dependsOn[1]',
      'bad.yaml:21 spec.dependsOn[2]',
      'bad.yaml:22 spec.owner',
      'bad.yaml:28 spec.timezone',
      'bad.yaml:29 spec.share',
      'bad.yaml:30 spec.hours.mon',
      'bad.yaml:30 spec.hours.someday',
      'bad.yaml:36 spec.criticality',
      'bad.yaml:37 spec.baseline.orders',
      'bad.yaml:37 spec.baseline.transactions[167]',
    ]);
    expect(problems.filter(({ message }) => !/^\S.*\.$/s.test(message))).toEqual([]);
    expect(estate.get('service', 'checkout')).toMatchObject({
      kind: 'app',
      tier: null,
      metrics: [{ name: 'ok', query: 'up' }],
      links: [],
    });
    expect(estate.get('service', 'checkout')!.annotations).toMatchObject({
      'holdfast.dev/tier': '5',
      'holdfast.dev/rto': '15m',
    });
    expect(estate.get('service', 'checkout')!.spec).toMatchObject({
      dependsOn: ['nowhere', 'component:checkout'],
      owner: 'component:checkout',
    });
    expect(estate.get('store', 's1')).toMatchObject({ timezone: 'UTC', share: null, hours: { mon: [] } });
    expect(estate.get('business-service', 'b1')).toMatchObject({
      criticality: 2,
      baseline: { orders: null, transactions: [...Array<number>(167).fill(1), null] },
    });
  });

  it('in the third document costs the third document only', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'three.yaml': documents(
        component('one'),
        component('two'),
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: "three\n',
        component('four'),
      ),
    });
    expect(estate.ids('service')).toEqual(['four', 'one', 'two']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'error', file: 'three.yaml' });
    expect(problems[0]!.message).toBe('This is not valid YAML: missing closing "quote; this document is left out.');
  });

  it('about names: missing, impossible and double ones, with both places', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'a.yaml': documents(
        component('one'),
        'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {}\n',
        component('no good'),
      ),
      'b.yaml': component('ONE', { metadata: 'title: The second' }),
    });
    expect(problems.map(({ file, line, field, message }) => [file, line, field, message])).toEqual([
      ['a.yaml', 10, 'metadata.name', 'The name is missing; this document is left out.'],
      [
        'a.yaml',
        15,
        'metadata.name',
        '"no good" is no name: letters and digits joined by - _ or . and at most 63 of them; this document is left out.',
      ],
      [
        'b.yaml',
        1,
        'metadata.name',
        'component:default/one is already described in a.yaml:1; that one is used and this one left out.',
      ],
    ]);
    expect(estate.get('service', 'one')).toMatchObject({ title: '' });
  });

  it('is not what is simply about something else', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'mixed.yaml': documents(
        component('one'),
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n',
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: y}\n',
        'apiVersion: backstage.io/v1alpha1\nkind: Template\nmetadata: {name: t}\n',
        '- just\n- a list\n',
      ),
    });
    expect(problems.map(({ severity, line }) => [severity, line])).toEqual([
      ['warning', 8],
      ['warning', 17],
    ]);
    expect(estate.ids('service')).toEqual(['one']);
  });

  it('about references is hinted at when a namesake of the other kind is there', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'a.yaml': documents(
        component('one', { spec: 'dependsOn: [component:db]' }),
        'apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: db}\nspec: {type: database}\n',
      ),
    });
    expect(problems[0]!.message).toContain('there is resource:default/db, perhaps that is meant');
  });

  it('about circles of parts is told and cut, about circles of dependencies told and kept', () => {
    const estate = new TestEstate();
    const domain = (name: string, parent: string) =>
      `${BACKSTAGE}\nkind: Domain\nmetadata: {name: ${name}}\nspec: {subdomainOf: ${parent}}\n`;
    const { problems } = estate.import({
      'c.yaml': documents(
        domain('a', 'b'),
        domain('b', 'c'),
        domain('c', 'a'),
        component('x', { spec: 'dependsOn: [component:y]' }),
        component('y', { spec: 'dependsOn: [component:z]' }),
        component('z', { spec: 'dependsOn: [component:x]' }),
      ),
    });
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      [
        'error',
        'domain:default/a → domain:default/b → domain:default/c → domain:default/a are part of one another in a circle; the reference of domain:default/c is left out.',
      ],
      [
        'warning',
        'component:default/x → component:default/y → component:default/z → component:default/x depend on one another in a circle; it is kept as it is.',
      ],
    ]);
    expect(['a', 'b', 'c'].map((id) => estate.get('grouping', id)!.partOf)).toEqual(['b', 'c', null]);
    expect(estate.ids('dependency')).toHaveLength(3);
  });

  it('is bounded, so that a report of a broken catalog can still be read', () => {
    const estate = new TestEstate();
    const nowhere = Array.from({ length: 2500 }, (_, n) => `component:x${n}`);
    const { problems } = estate.import({
      'many.yaml': component('one', { spec: `dependsOn: [${nowhere.join(', ')}]` }),
    });
    expect(problems).toHaveLength(2001);
    expect(problems.at(-1)!.message).toBe('500 more problems are not listed; mend these first.');
  });

  it('about size is told, and the entity left out', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'big.yaml': documents(
        component('big', { annotations: `x: ${'y'.repeat(210_000)}` }),
        component('wordy', { metadata: `title: ${'t'.repeat(3000)}` }),
        `${BACKSTAGE}\nkind: API\nmetadata: {name: api}\nspec: {definition: ${'d'.repeat(20_000)}}\n`,
      ),
    });
    expect(problems.map(({ severity, message }) => [severity, message.replace(/\d+ KiB;/, 'N KiB;')])).toEqual([
      ['error', 'This holds N KiB; one entity holds at most 200 KiB, so it is left out.'],
      ['error', expect.stringMatching(/^title: .*2000.*; it is left out\.$/)],
      ['warning', expect.stringMatching(/definition has 20002 characters/)],
    ]);
    expect(estate.ids('service')).toEqual(['wordy']);
    expect(estate.ids('grouping')).toEqual(['api']);
  });
});

describe('Locations', () => {
  it('name the files to read too, and keep addresses without fetching them', () => {
    const estate = new TestEstate();
    const { problems } = estate.import({
      'l.yaml': `${BACKSTAGE}\nkind: Location\nmetadata: {name: all}\nspec:\n  target: ./one.yaml\n  targets:\n    - ./more/*.yaml\n    - https://git.example/catalog.yaml\n`,
    });
    expect(places(problems)).toEqual(['l.yaml:8 spec.targets[1]']);
    expect(problems[0]!.message).toContain('nothing is fetched');
    expect(estate.get('grouping', 'all')).toMatchObject({
      type: 'location',
      spec: { targets: ['https://git.example/catalog.yaml'] },
    });
  });
});
