/** Plain estate files (`holdfast.dev/v1`): BusinessService, Store, Region and Source as drafts. */
import type { CalendarEntry } from '../estate.ts';
import { momentOf } from '../impact/baseline.ts';
import { Domain } from '../words.ts';
import { hasUserInfo, isTimeZone, parseThroughput } from './annotations.ts';
import type { Draft, Use } from './draft.ts';
import { minutesOf, type Reader } from './reader.ts';
import { quote } from './problems.ts';
import type { Cursor } from './yaml.ts';

export const PLAIN_KINDS: Record<string, (reader: Reader) => Draft> = {
  businessservice: businessService,
  store,
  region,
  source,
  calendar,
};

const one = (name: string): Use['keep'] => ({ in: 'spec', name, many: false });
const many = (name: string): Use['keep'] => ({ in: 'spec', name, many: true });
const SERVICE = ['component', 'resource'];
const HOURS_IN_WEEK = 168;

function named(reader: Reader) {
  return { name: reader.name, title: reader.text(reader.metadata('title')) ?? '' };
}

const text = (pattern: RegExp) => (cursor: Cursor) => {
  const value = cursor.text()?.trim();
  return value !== undefined && pattern.test(value) ? value : undefined;
};
const timezone = (cursor: Cursor) => {
  const value = cursor.text()?.trim();
  return value !== undefined && isTimeZone(value) ? value : undefined;
};
const minutes = (cursor: Cursor) => minutesOf(cursor.text() ?? '');

function businessService(reader: Reader): Draft {
  reader.refer(reader.spec('owner'), 'owner', ['group'], one('owner'));
  reader.refer(reader.spec('services'), 'serves', SERVICE, many('services'));
  const criticality = reader.specChecked(
    'criticality',
    (cursor) => ([1, 2, 3].includes(cursor.number() ?? 0) ? cursor.number()! : undefined),
    'criticality: 1, 2 or 3',
  );
  const domains = reader.spec('domains');
  const throughput = reader.spec('prometheus');
  const currency = reader.specChecked(
    'currency',
    (cursor) => text(/^[A-Za-z]{3}$/)(cursor)?.toUpperCase(),
    'currency such as EUR',
  );
  const unit = reader.text(reader.spec('unit'));
  return reader.draft('business-service', {
    ...named(reader),
    description: reader.metadata('description')?.text()?.trimEnd() ?? '',
    criticality: criticality ?? 2,
    domains: reader.words(domains).map((word) => {
      const domain = word.toLowerCase();
      if (!Domain.safeParse(domain).success)
        reader.warning(domains!, `${quote(word)} is none of the domains ${Domain.options.join(', ')}.`);
      return domain;
    }),
    rtoMinutes: reader.specChecked('rto', minutes, 'duration such as PT15M'),
    rpoMinutes: reader.specChecked('rpo', minutes, 'duration such as PT15M'),
    currency: currency ?? 'EUR',
    unit: unit ?? 'orders',
    throughput: throughput ? parseThroughput(throughput, throughput.path, reader.complain) : [],
    baseline: baseline(reader),
    calendar: calendarEntries(reader),
    recoverable: reader.specChecked('recoverable', portion, 'part: a number from 0 to 1') ?? 0,
    slaPercent: reader.specChecked('sla', percent, 'promise in per cent, such as 99.9'),
  });
}

const SERIES = ['orders', 'revenueMinor', 'transactions'] as const;

/** Null when there is none, or no zone to count its hours in. */
function baseline(reader: Reader) {
  const cursor = reader.spec('baseline');
  if (!cursor) return null;
  const zone = cursor.get('timezone');
  if (!zone || timezone(zone) === undefined) {
    reader.error(
      zone ?? cursor,
      'A baseline wants the time zone that its hours are counted in, such as Europe/Vienna; it is left out.',
    );
    return null;
  }
  for (const [name, member] of cursor.members()) {
    if (name !== 'timezone' && !SERIES.includes(name as (typeof SERIES)[number])) {
      reader.warning(member, `${quote(name)} is none of ${SERIES.join(', ')}; it is left out.`);
    }
  }
  return {
    timezone: timezone(zone)!,
    ...Object.fromEntries(SERIES.map((name) => [name, series(reader, cursor.get(name))])),
  };
}

const portion = (cursor: Cursor) => {
  const value = cursor.number();
  return value !== null && value >= 0 && value <= 1 ? value + 0 : undefined;
};
const percent = (cursor: Cursor) => {
  const value = cursor.number();
  return value !== null && value >= 0 && value <= 100 ? value + 0 : undefined;
};

/** A value that makes no sense is told and becomes a gap: the other hours of the week are still good. */
function series(reader: Reader, cursor: Cursor | null): (number | null)[] | null {
  if (!cursor) return null;
  const items = cursor.items();
  if (items.length !== HOURS_IN_WEEK) {
    reader.error(
      cursor,
      `A week has ${HOURS_IN_WEEK} hours, Monday 00:00 first; here are ${items.length} values, so this series is left out.`,
    );
    return null;
  }
  return items.map((item) => {
    if (item.kind === 'null') return null;
    const value = item.number();
    if (value !== null && value >= 0 && Number.isFinite(value)) return value + 0;
    reader.error(item, `${quote(item.text() ?? '')} is no number from 0 up, so this hour counts as not known.`);
    return null;
  });
}

const ENTRY = ['from', 'to', 'title', 'multiplier', 'businessServices', 'regions'];
const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?$/;

function calendar(reader: Reader): Draft {
  return reader.draft('calendar', { ...named(reader), calendar: calendarEntries(reader) });
}

/** `calendar: [{from, to, title, multiplier, businessServices?, regions?}]`; an entry that makes no sense is told and left out. */
function calendarEntries(reader: Reader): CalendarEntry[] {
  const cursor = reader.spec('calendar');
  return (cursor?.kind === 'list' ? cursor.items() : cursor ? [cursor] : []).flatMap((item): CalendarEntry[] => {
    const from = item.get('from')?.text()?.trim() ?? '';
    const to = item.get('to')?.text()?.trim() ?? from;
    const multiplier = item.get('multiplier')?.number() ?? null;
    const wrong =
      item.kind !== 'map'
        ? 'This wants from, to, title and multiplier.'
        : !MOMENT.test(from) || momentOf(from, 'UTC') === null
          ? `${quote(from)} is no date such as 2026-12-24 or 2026-12-24T14:00.`
          : !MOMENT.test(to) || momentOf(to, 'UTC', true) === null
            ? `${quote(to)} is no date such as 2026-12-24 or 2026-12-24T14:00.`
            : momentOf(to, 'UTC', true)! <= momentOf(from, 'UTC')!
              ? `It ends (${to}) before it begins (${from}).`
              : multiplier === null || multiplier < 0 || multiplier > 1000
                ? 'The multiplier wants to be a number from 0 to 1000: 0.1 on a holiday, 1.8 in a promotion.'
                : null;
    if (wrong !== null) {
      reader.error(item, `${wrong} The entry is left out.`);
      return [];
    }
    for (const [name, member] of item.members())
      if (!ENTRY.includes(name))
        reader.warning(member, `${quote(name)} is none of ${ENTRY.join(', ')}; it is left out.`);
    return [
      {
        from,
        to,
        title: item.get('title')?.text()?.trim() ?? '',
        multiplier: multiplier! + 0,
        businessServices: [...new Set(reader.words(item.get('businessServices')).map(bare))],
        regions: [...new Set(reader.words(item.get('regions')).map(bare))],
      },
    ];
  });
}

/** A reference as the estate names such things: `businessservice:default/checkout` is `checkout`. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[a-z]+:/, '')
    .replace(/^.*\//, '');
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const HOURS = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

function store(reader: Reader): Draft {
  reader.refer(reader.spec('region'), 'region', ['region'], one('region'));
  reader.refer(reader.spec('services'), 'serves', SERVICE, many('services'));
  return reader.draft('store', {
    ...named(reader),
    country: country(reader),
    timezone: zoneOf(reader),
    hours: hours(reader),
    phone: reader.text(reader.spec('phone')),
    share: reader.specChecked(
      'share',
      (cursor) => {
        const share = cursor.number();
        return share !== null && share >= 0 && share <= 1 ? share + 0 : undefined;
      },
      'share: a number from 0 to 1',
    ),
  });
}

function hours(reader: Reader): Record<string, string[]> {
  const cursor = reader.spec('hours');
  const week: [string, string[]][] = [];
  for (const [name, value] of cursor?.members() ?? []) {
    const day = name.toLowerCase().slice(0, 3);
    if (!DAYS.includes(day)) {
      reader.error(value, `${quote(name)} is no day of the week; it is left out.`);
      continue;
    }
    const spans = reader.words(value).filter((span) => {
      const ok = HOURS.test(span);
      if (!ok) reader.error(value, `${quote(span)} are no opening hours such as 07:30-20:00; they are left out.`);
      return ok;
    });
    week.push([day, spans]);
  }
  return Object.fromEntries(week.sort(([a], [b]) => DAYS.indexOf(a) - DAYS.indexOf(b)));
}

function region(reader: Reader): Draft {
  return reader.draft('region', { ...named(reader), timezone: zoneOf(reader), country: country(reader) });
}

function zoneOf(reader: Reader): string {
  return reader.specChecked('timezone', timezone, 'time zone such as Europe/Vienna; UTC is assumed') ?? 'UTC';
}

function country(reader: Reader): string | null {
  return reader.specChecked(
    'country',
    (cursor) => text(/^[A-Za-z]{2}$/)(cursor)?.toUpperCase(),
    'country of two letters such as AT',
  );
}

/** Names of members that look as if they hold a secret. */
const SECRET = /pass(word|wd|phrase)|secret|token|api[-_]?key|credential|authorization|bearer|private[-_]?key/i;

function source(reader: Reader): Draft {
  const type = reader.text(reader.spec('type'));
  if (type === null)
    reader.error(reader.root, 'A source wants a type such as prometheus or alertmanager.', 'spec.type');
  const enabled = reader.specChecked(
    'enabled',
    (cursor) => ({ true: true, false: false })[cursor.text()?.toLowerCase() ?? ''],
    'answer to whether it is enabled: true or false',
  );
  const config = reader.root.get('spec')?.members() ?? new Map<string, Cursor>();
  return reader.draft('source', {
    ...named(reader),
    ...(type === null ? {} : { type }),
    ...(enabled === null ? {} : { enabled }),
    config: Object.fromEntries(
      [...config.keys()].flatMap((name) => {
        const value = name === 'type' || name === 'enabled' ? null : reader.spec(name);
        if (!value || holdsSecret(reader, name, value)) return [];
        return [[name, value.json()] as const];
      }),
    ),
  });
}

/** Credentials never enter the log: what looks like one is told and left out. */
function holdsSecret(reader: Reader, name: string, value: Cursor): boolean {
  const found = SECRET.test(name) ? value : findSecret(value);
  if (found)
    reader.error(
      found,
      'This looks like a credential; it is left out: give it on the Sources screen, where it stays on this machine.',
    );
  return found !== null;
}

function findSecret(cursor: Cursor): Cursor | null {
  for (const [name, member] of cursor.members()) {
    const found = SECRET.test(name) ? member : findSecret(member);
    if (found) return found;
  }
  for (const item of cursor.items()) {
    const found = findSecret(item);
    if (found) return found;
  }
  return hasUserInfo(cursor.text() ?? '') ? cursor : null;
}
