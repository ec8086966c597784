/** Catalogs as nobody would write them by hand: every field, odd texts, references that lead anywhere. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import { Domain, ServiceKind } from '../../shared/domain/words.ts';
import type { Files } from './catalog.ts';

const NAMES = ['a', 'b', 'Checkout', 'db.main', 'c_d', 'x-1', 'payments'];
const NAMESPACES = ['default', 'shop'];
const name = fc.constantFrom(...NAMES);
const namespace = fc.constantFrom(...NAMESPACES);
/** Texts that YAML finds hard, and some that mean something to it. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '0664',
    '1e3',
    '- x',
    '# no',
    'a: b',
    '<<',
    '---',
    '\n---\nx: y\n',
    '...',
    ' lead',
    'trail ',
    'two\n\nlines\n',
    '\ttab',
    '\r\n',
    '\u0085\u2028\uFEFF',
    '%YAML',
    '&a *a !b',
    '|',
    '"\'"',
    'long '.repeat(60),
    'HOLDFAST-SERIES-0-',
  ),
);
const json = fc.jsonValue({ maxDepth: 2, noUnicodeString: false });

/** A reference in any legal form, to something that may or may not be there. */
const ref = (...kinds: string[]) =>
  fc
    .record({
      kind: fc.option(fc.constantFrom(...kinds), { nil: undefined }),
      space: fc.option(namespace, { nil: undefined }),
      to: fc.oneof({ weight: 5, arbitrary: name }, fc.constant('nowhere')),
      upper: fc.boolean(),
    })
    .map(({ kind, space, to, upper }) => {
      const written = `${kind === undefined ? '' : `${kind}:`}${space === undefined ? '' : `${space}/`}${to}`;
      return upper ? written.toUpperCase() : written;
    });
const refs = (...kinds: string[]) => fc.array(ref(...kinds), { maxLength: 4 });
const services = () => refs('component', 'resource');

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const url = fc.webUrl({ withQueryParameters: true });
const duration = fc.constantFrom('PT0S', 'PT90S', 'PT15M', 'PT4H', 'P7D', 'PT1H30M', 'nonsense');
const zone = fc.constantFrom('Europe/Vienna', 'UTC', 'America/Sao_Paulo', 'Mars/Base');

const links = fc.array(
  fc.record({ url, title: maybe(text), icon: maybe(fc.constantFrom('chat', 'docs')), type: maybe(fc.constant('x')) }),
  { maxLength: 3 },
);
const labels = fc.dictionary(fc.oneof(fc.constantFrom('team', 'x.example/y', '__proto__', '<<', '1'), text), text, {
  maxKeys: 3,
});

const matchers = fc
  .array(
    fc.record({
      label: fc.constantFrom('service', 'job_name'),
      op: fc.constantFrom('=', '!=', '=~', '!~'),
      value: fc.constantFrom('x', 'a,b', 'a;b', '"', '', '(a|b)+', '['),
    }),
    { maxLength: 3 },
  )
  .map((all) => all.map(({ label, op, value }) => `${label}${op}"${value.replace(/["\\]/g, '\\$&')}"`).join(','));

const metrics = fc
  .array(
    fc.record({
      name: fc.constantFrom('errors', 'latency p95'),
      query: text,
      unit: maybe(fc.constant('s')),
      early: maybe(fc.constantFrom('>0.1', '<= 5', 'odd')),
    }),
    { maxLength: 3 },
  )
  .map((items) => stringify(items));

const annotations = fc.record(
  {
    'holdfast.dev/kind': fc.constantFrom(...ServiceKind.options, 'odd'),
    'holdfast.dev/domain': fc.constantFrom(...Domain.options, 'odd'),
    'holdfast.dev/tier': fc.constantFrom('1', '3', '9'),
    'holdfast.dev/rto': duration,
    'holdfast.dev/rpo': duration,
    'holdfast.dev/business-services': refs('businessservice').map((all) => all.join(', ')),
    'holdfast.dev/region': ref('region'),
    'holdfast.dev/dependencies': fc
      .array(fc.tuple(ref('component', 'resource'), fc.constantFrom('hard,sync', 'soft,async', 'batch', '')), {
        maxLength: 3,
      })
      .map((all) => all.map(([to, words]) => `${to}=${words}`).join(';')),
    'holdfast.dev/alert-match': matchers,
    'holdfast.dev/prometheus': metrics,
    'holdfast.dev/support': text,
    'holdfast.dev/vendor-status': fc.oneof(url, text),
    'holdfast.dev/runbooks': fc.constantFrom('one, Two', ''),
    'holdfast.dev/dashboards': fc.array(url, { maxLength: 2 }).map((all) => all.join(', ')),
    'holdfast.dev/id': fc.constantFrom('id-1', 'id-2', 'No Id'),
    'holdfast.dev/renamed-from': fc.constantFrom('was', 'a', 'component:default/was-not'),
    'other.example/thing': text,
  },
  { requiredKeys: [] },
);

const metadata = (spaces = true) =>
  fc.record(
    {
      name,
      namespace: spaces ? namespace : fc.constant('default'),
      title: text,
      description: text,
      uid: fc.constantFrom('u-1', 'u-2'),
      labels,
      annotations: fc.oneof(annotations, labels),
      links,
      tags: fc.array(fc.constantFrom('java', 'pci', 'x y'), { maxLength: 3 }),
      somethingElse: json,
    },
    { requiredKeys: ['name'] },
  );

const backstage = (kind: string, spec: fc.Arbitrary<object>) =>
  fc.record({ apiVersion: fc.constant('backstage.io/v1alpha1'), kind: fc.constant(kind), metadata: metadata(), spec });
const plain = (kind: string, spec: fc.Arbitrary<object>) =>
  fc.record({ apiVersion: fc.constant('holdfast.dev/v1'), kind: fc.constant(kind), metadata: metadata(false), spec });
const some = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });

const service = (kind: string) =>
  backstage(
    kind,
    some({
      type: fc.constantFrom('service', 'website', 'database', 'odd'),
      lifecycle: text,
      owner: ref('group', 'user'),
      system: ref('system'),
      subcomponentOf: ref('component'),
      partOf: refs('system', 'component'),
      dependsOn: refs('component', 'resource', 'api'),
      dependencyOf: services(),
      providesApis: refs('api'),
      consumesApis: refs('api'),
      hasPart: services(),
      custom: json,
    }),
  );

const week = fc.oneof(
  fc.array(
    fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(null, -3, 'many')),
    {
      minLength: 168,
      maxLength: 168,
    },
  ),
  fc.constant([1, 2]),
);
const moment = fc.constantFrom('2026-12-24', '2026-12-24T14:00', '2026-12-26', '2026-02-30', 'soon');
const entries = fc.array(
  some({
    from: moment,
    to: moment,
    title: text,
    multiplier: fc.constantFrom(0, 0.1, 1.6, -1, 'twice'),
    businessServices: fc.array(fc.constantFrom('checkout', 'businessservice:default/a'), { maxLength: 2 }),
    regions: fc.array(fc.constantFrom('region:alps', 'Alps'), { maxLength: 2 }),
    odd: json,
  }),
  { maxLength: 3 },
);
const profile = some({ displayName: text, email: text, picture: text });
const rota = fc
  .array(
    fc.record({
      from: fc.constantFrom('2026-01-05T08:00', '2026-01-05', 'soon'),
      every: fc.constantFrom('P7D', 'PT12H', 'PT0S'),
      timezone: zone,
      people: fc.array(ref('user'), { minLength: 1, maxLength: 3 }),
      role: maybe(fc.constant('secondary')),
    }),
    { maxLength: 2 },
  )
  .map((lines) => stringify(lines));

const descriptor = fc.oneof(
  { weight: 4, arbitrary: service('Component') },
  { weight: 2, arbitrary: service('Resource') },
  {
    weight: 2,
    arbitrary: backstage('API', some({ type: text, owner: ref('group'), system: ref('system'), definition: json })),
  },
  backstage('System', some({ owner: ref('group'), domain: ref('domain'), hasPart: refs('component', 'api') })),
  backstage('Domain', some({ owner: ref('group'), subdomainOf: ref('domain') })),
  backstage('Location', some({ type: fc.constant('url'), targets: fc.array(url, { maxLength: 2 }) })),
  fc
    .tuple(
      backstage(
        'Group',
        some({ type: text, profile, parent: ref('group'), children: refs('group'), members: refs('user') }),
      ),
      some({ 'holdfast.dev/rota': rota, 'holdfast.dev/chat': text, 'holdfast.dev/phone': text }),
    )
    .map(([group, more]) => ({
      ...group,
      metadata: { ...group.metadata, annotations: { ...group.metadata.annotations, ...more } },
    })),
  fc
    .tuple(
      backstage('User', some({ profile, memberOf: refs('group') })),
      some({
        'holdfast.dev/timezone': zone,
        'holdfast.dev/title': text,
        'holdfast.dev/away': fc.constant('- {from: 2026-12-24, to: 2027-01-06, reason: holiday}'),
      }),
    )
    .map(([user, more]) => ({
      ...user,
      metadata: { ...user.metadata, annotations: { ...user.metadata.annotations, ...more } },
    })),
  plain(
    'BusinessService',
    some({
      criticality: fc.constantFrom(1, '2', 9),
      owner: ref('group'),
      domains: fc.array(fc.constantFrom(...Domain.options), { maxLength: 3 }),
      services: services(),
      rto: duration,
      currency: fc.constantFrom('EUR', 'usd', 'money'),
      unit: text,
      prometheus: fc.array(fc.record({ query: text, measures: fc.constantFrom('orders', 'revenue', 'odd') }), {
        maxLength: 2,
      }),
      baseline: some({ timezone: zone, orders: week, revenueMinor: week, transactions: week }),
      calendar: entries,
      recoverable: fc.constantFrom(0, 0.4, 1, 3),
      sla: fc.constantFrom(99.9, 100, 101),
      custom: json,
    }),
  ),
  plain(
    'Store',
    some({
      region: ref('region'),
      timezone: zone,
      country: fc.constantFrom('at', 'DE', 'Austria'),
      hours: some({ mon: fc.constantFrom(['07:30-20:00'], [], ['late']), Sunday: fc.constant([]) }),
      services: services(),
      phone: text,
      share: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(7)),
      formats: json,
    }),
  ),
  plain('Calendar', some({ calendar: entries, custom: json })),
  plain('Region', some({ timezone: zone, country: fc.constant('AT'), custom: json })),
  plain(
    'Source',
    some({
      type: fc.constantFrom('prometheus', 'alertmanager'),
      enabled: fc.boolean(),
      url,
      every: fc.nat(600),
      nested: json,
      password: text,
    }),
  ),
);

/** A catalog of up to two files. */
export const catalogFiles: fc.Arbitrary<Files> = fc
  .array(descriptor, { minLength: 1, maxLength: 14 })
  .chain((all) => fc.nat(all.length).map((cut) => [all.slice(0, cut), all.slice(cut)]))
  .map(([one, two]) => ({ 'one.yaml': yaml(one!), 'two.yaml': yaml(two!) }));

function yaml(all: object[]): string {
  return all
    .map((each) => stringify(each, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' }))
    .join('---\n');
}
