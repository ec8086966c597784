/** Backstage descriptors (`backstage.io/v1alpha1`, `v1beta1`) as drafts. */
import { Domain, ServiceKind } from '../words.ts';
import {
  HOLDFAST,
  isTimeZone,
  isWebUrl,
  parseDependencies,
  parseMatchers,
  parseMetrics,
  parseAway,
  parseRota,
  parseUrls,
} from './annotations.ts';
import type { Draft, Relation, Use } from './draft.ts';
import { MAX_DEFINITION } from './limits.ts';
import type { Reader } from './reader.ts';
import type { Cursor } from './yaml.ts';

export const BACKSTAGE_KINDS: Record<string, (reader: Reader) => Draft> = {
  component: service,
  resource: service,
  api: grouping('api'),
  system: grouping('system'),
  domain: grouping('domain'),
  location,
  group: team,
  user: person,
};

const one = (name: string): Use['keep'] => ({ in: 'spec', name, many: false });
const many = (name: string): Use['keep'] => ({ in: 'spec', name, many: true });
const SERVICE = ['component', 'resource'];

function service(reader: Reader): Draft {
  reader.refer(reader.spec('owner'), 'owner', ['group'], one('owner'));
  reader.refer(reader.spec('system'), 'system', ['system'], one('system'));
  reader.refer(reader.spec('subcomponentOf'), 'part', ['component'], one('subcomponentOf'));
  reader.refer(reader.spec('partOf'), 'part', ['component', 'resource', 'system'], many('partOf'));
  reader.refer(reader.spec('hasPart'), 'part', SERVICE, many('hasPart'), true);
  reader.refer(reader.spec('dependsOn'), 'depends', SERVICE, many('dependsOn'));
  reader.refer(reader.spec('dependencyOf'), 'depends', SERVICE, many('dependencyOf'), true);
  reader.refer(reader.spec('providesApis'), 'provides', ['api'], many('providesApis'));
  reader.refer(reader.spec('consumesApis'), 'consumes', ['api'], many('consumesApis'));
  const type = reader.look('type')?.text()?.trim().toLowerCase() ?? '';
  const lifecycle = reader.text(reader.spec('lifecycle')) ?? '';
  const fields = {
    ...named(reader),
    lifecycle,
    kind:
      reader.annotationChecked(
        'kind',
        (text) => ServiceKind.safeParse(text.toLowerCase()).data,
        `kind of service (${ServiceKind.options.join(', ')})`,
      ) ?? kindOfType(reader.ref.kind, type),
    domain: reader.annotationChecked(
      'domain',
      (text) => Domain.safeParse(text.toLowerCase()).data,
      `domain (${Domain.options.join(', ')})`,
    ),
    tier: reader.annotationChecked(
      'tier',
      (text) => (/^[123]$/.test(text) ? Number(text) : undefined),
      'tier: 1, 2 or 3',
    ),
    rtoMinutes: reader.minutes('rto'),
    rpoMinutes: reader.minutes('rpo'),
    metrics: metrics(reader),
    alertMatch: alertMatch(reader),
    vendorStatus: reader.annotationChecked('vendor-status', webUrl, 'https address without a password in it'),
    support: reader.annotationText('support'),
    runbooks: reader.annotationList('runbooks').map((id) => id.toLowerCase()),
    dashboards: urls(reader, 'dashboards'),
    logs: urls(reader, 'logs'),
  };
  listed(reader, 'business-services', 'business', 'businessservice');
  listed(reader, 'region', 'region', 'region');
  const refine = refinements(reader);
  relations(reader);
  return reader.draft('service', fields, { refine });
}

/** Names, title and description, as every Backstage kind has them. */
function named(reader: Reader) {
  return {
    ref: `${reader.ref.kind}:${namespaceOf(reader)}/${reader.ref.name}`,
    name: reader.name,
    title: reader.text(reader.metadata('title')) ?? '',
    description: reader.metadata('description')?.text()?.trimEnd() ?? '',
  };
}

function namespaceOf(reader: Reader): string {
  reader.metadata('namespace');
  return reader.ref.namespace;
}

const BY_TYPE: Record<string, ServiceKind> = {
  website: 'channel',
  frontend: 'channel',
  app: 'channel',
  'mobile-app': 'channel',
  cdn: 'edge',
  gateway: 'edge',
  ingress: 'edge',
  'load-balancer': 'edge',
  worker: 'worker',
  job: 'worker',
  cronjob: 'worker',
  database: 'database',
  db: 'database',
  postgresql: 'database',
  mysql: 'database',
  's3-bucket': 'database',
  storage: 'database',
  cache: 'cache',
  redis: 'cache',
  queue: 'queue',
  topic: 'queue',
  kafka: 'queue',
  'kafka-topic': 'queue',
  network: 'network',
  saas: 'saas',
  'identity-provider': 'identity-provider',
  erp: 'erp',
};

/** What a service is when no annotation says it. */
function kindOfType(catalogKind: string, type: string): ServiceKind {
  return (
    (Object.hasOwn(BY_TYPE, type) && BY_TYPE[type]) ||
    ServiceKind.safeParse(type).data ||
    (catalogKind === 'api' ? 'api' : 'app')
  );
}

function webUrl(text: string): string | undefined {
  return isWebUrl(text) ? text : undefined;
}

function urls(reader: Reader, name: string): string[] {
  const cursor = reader.annotation(name);
  return parseUrls(reader.text(cursor) ?? '').filter((url) => {
    const ok = isWebUrl(url);
    if (!ok)
      reader.error(cursor!, `"${url.slice(0, 80)}" is no https address without a password in it; it is left out.`);
    return ok;
  });
}

function metrics(reader: Reader) {
  const cursor = reader.annotation('prometheus');
  return cursor ? parseMetrics(cursor, cursor.path, reader.complain) : [];
}

function alertMatch(reader: Reader) {
  const cursor = reader.annotation('alert-match');
  const text = reader.text(cursor);
  if (text === null) return [];
  const sets = parseMatchers(text);
  if (typeof sets !== 'string') return sets;
  reader.error(cursor!, `No alert is matched to this service: ${sets}.`);
  reader.keepAnnotation('alert-match');
  return [];
}

/** An annotation that lists names of entities of one kind. */
function listed(reader: Reader, name: string, relation: Relation, kind: string): void {
  const cursor = reader.annotation(name);
  for (const text of reader.annotationList(name)) {
    reader.referTo(cursor!, text, relation, [kind], { in: 'annotations', name: HOLDFAST + name });
  }
}

function refinements(reader: Reader): Draft['refine'] {
  const cursor = reader.annotation('dependencies');
  if (!cursor) return [];
  return parseDependencies(reader.text(cursor) ?? '', (message) => reader.error(cursor, message)).flatMap(
    ({ text, strength, mode }) => {
      const use = reader.use(cursor, text, 'depends', SERVICE, { in: 'annotations', name: `${HOLDFAST}dependencies` });
      return use ? [{ use, strength, mode }] : [];
    },
  );
}

/** What Backstage's own API calls the relations, as `[relation, inverse, default kinds]`. */
const RELATIONS: Record<string, [Relation, boolean, string[]]> = {
  dependsOn: ['depends', false, SERVICE],
  dependencyOf: ['depends', true, SERVICE],
  partOf: ['part', false, ['system']],
  hasPart: ['part', true, ['component']],
  ownedBy: ['owner', false, ['group']],
  ownerOf: ['owner', true, ['component']],
  providesApi: ['provides', false, ['api']],
  apiProvidedBy: ['provides', true, ['component']],
  consumesApi: ['consumes', false, ['api']],
  apiConsumedBy: ['consumes', true, ['component']],
  memberOf: ['member', true, ['group']],
  hasMember: ['member', false, ['user']],
  childOf: ['parent', false, ['group']],
  parentOf: ['parent', true, ['group']],
};

/** `relations`, which descriptors have that were read from Backstage's API. Most repeat what `spec` says. */
function relations(reader: Reader): void {
  for (const item of reader.texts(reader.root.get('relations'))) {
    const type = item.get('type')?.text() ?? '';
    const target = item.get('targetRef') ?? item.get('target');
    if (!target || !Object.hasOwn(RELATIONS, type)) continue;
    const [relation, inverse, kinds] = RELATIONS[type]!;
    reader.refer(target, relation, kinds, null, inverse);
  }
}

function grouping(type: 'api' | 'system' | 'domain'): (reader: Reader) => Draft {
  return (reader) => {
    reader.refer(reader.spec('owner'), 'owner', ['group'], one('owner'));
    if (type === 'api') reader.refer(reader.spec('system'), 'part', ['system'], one('system'));
    if (type === 'system') reader.refer(reader.spec('domain'), 'part', ['domain'], one('domain'));
    if (type === 'domain') reader.refer(reader.spec('subdomainOf'), 'part', ['domain'], one('subdomainOf'));
    reader.refer(reader.spec('partOf'), 'part', [type === 'api' ? 'system' : 'domain'], many('partOf'));
    reader.refer(
      reader.spec('hasPart'),
      'part',
      type === 'system' ? [...SERVICE, 'api'] : ['system', 'domain'],
      many('hasPart'),
      true,
    );
    relations(reader);
    const definition = reader.spec('definition');
    const spec = definition && keepDefinition(reader, definition) ? { definition: definition.json() } : {};
    return reader.draft('grouping', { ...named(reader), type, spec });
  };
}

function keepDefinition(reader: Reader, definition: Cursor): boolean {
  const length = JSON.stringify(definition.json()).length;
  if (length <= MAX_DEFINITION) return true;
  reader.warning(
    definition,
    `This definition has ${length} characters; only ${MAX_DEFINITION} are kept, so it is left out of the estate and of its export.`,
  );
  return false;
}

/** A Location's file targets are read as part of the catalog; its URLs are kept, never fetched. */
function location(reader: Reader): Draft {
  const targets: Draft['targets'] = [];
  const urlsKept: string[] = [];
  const type = reader.text(reader.spec('type'));
  for (const item of [...reader.texts(reader.spec('target')), ...reader.texts(reader.spec('targets'))]) {
    const text = reader.text(item);
    if (text === null) continue;
    if (/^[a-z][a-z0-9+.-]+:/i.test(text) || (type !== null && type.toLowerCase() === 'url' && !text.startsWith('.'))) {
      urlsKept.push(text);
      reader.warning(
        item,
        `"${text.slice(0, 200)}" is an address; nothing is fetched, so what it holds is not in this estate.`,
      );
    } else targets.push({ text, place: { file: reader.file, line: item.line }, field: item.path });
  }
  const spec = { ...(type === null ? {} : { type }), ...(urlsKept.length > 0 ? { targets: urlsKept } : {}) };
  return reader.draft('grouping', { ...named(reader), type: 'location', spec }, { targets });
}

/** `spec.profile` without the members that have a field. */
function profile(reader: Reader, taken: readonly string[]) {
  const cursor = reader.spec('profile');
  const rest = [...(cursor?.members() ?? [])].filter(([name, value]) => !taken.includes(name) && value.kind !== 'null');
  return {
    displayName: reader.text(cursor?.get('displayName') ?? null),
    email: reader.text(cursor?.get('email') ?? null),
    rest: rest.length === 0 ? {} : { profile: Object.fromEntries(rest.map(([name, value]) => [name, value.json()])) },
  };
}

function team(reader: Reader): Draft {
  const { displayName, email, rest } = profile(reader, ['displayName', 'email']);
  reader.refer(reader.spec('parent'), 'parent', ['group'], one('parent'));
  reader.refer(reader.spec('children'), 'parent', ['group'], many('children'), true);
  reader.refer(reader.spec('members'), 'member', ['user'], many('members'));
  relations(reader);
  const rota = reader.annotation('rota');
  const { title, ...names } = named(reader);
  const both = displayName !== null && title !== '' && title !== displayName;
  return reader.draft('team', {
    ...names,
    title: displayName ?? title,
    email,
    phone: reader.annotationText('phone'),
    chat: reader.annotationText('chat'),
    bridge: reader.annotationText('bridge'),
    rota: rota ? parseRota(rota, rota.path, reader.complain) : [],
    metadata: both ? { title } : {},
    spec: rest,
  });
}

function person(reader: Reader): Draft {
  const { displayName, email, rest } = profile(reader, ['displayName', 'email']);
  reader.refer(reader.spec('memberOf'), 'member', ['group'], many('memberOf'), true);
  relations(reader);
  const { title, description, ref, name } = named(reader);
  const away = reader.annotation('away');
  return reader.draft('person', {
    ref,
    name: displayName ?? (title || name),
    title: reader.annotationText('title') ?? '',
    email,
    phone: reader.annotationText('phone'),
    timezone: reader.annotationChecked(
      'timezone',
      (text) => (isTimeZone(text) ? text : undefined),
      'time zone such as Europe/Vienna',
    ),
    away: away ? parseAway(away, away.path, reader.complain) : [],
    metadata: { ...(displayName !== null && title !== '' ? { title } : {}), ...(description ? { description } : {}) },
    spec: rest,
  });
}
