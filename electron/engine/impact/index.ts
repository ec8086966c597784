/**
 * What it costs: per business service now, per incident so far. Invariant: both follow from the estate, the log, this
 * console's samples and the moment of asking; amounts of two currencies stand side by side and are never added.
 */
import type {
  BusinessImpact,
  CorrectionView,
  CurrencyTotal,
  FiguresView,
  Impact,
  IncidentImpact,
  SoFarView,
} from '../../../shared/contract/impact.ts';
import { momentOf, rateAt } from '../../../shared/domain/impact/baseline.ts';
import { clocksOf, monthOf } from '../../../shared/domain/impact/clocks.ts';
import {
  basisOf,
  figuresOf,
  MAX_SPAN_MS,
  correctionOf,
  MINUTE_MS,
  partOf,
  slotOf as slotStart,
  slotsBetween,
  total,
  type Figures,
  type Slot,
  type Total,
} from '../../../shared/domain/impact/ledger.ts';
import { plus, type Range } from '../../../shared/domain/impact/range.ts';
import type { Context } from '../context.ts';
import { endedAt } from '../incidents/ended.ts';
import { findIncident } from '../incidents/view.ts';
import { named } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import type { StatedCorrection, Statements } from './book.ts';
import { nameOf, seenOf, settingOf, shareNow, storesHit, type BusinessEntity, type Setting } from './business.ts';
import { businessHurtSince } from './hurt.ts';

/** What every business service loses now, the most money first, then the worst share. */
export function impactNow(context: Context): BusinessImpact[] {
  return [...context.estate.all('business-service').values()]
    .map((entity) => businessImpact(context, entity))
    .sort(
      (a, b) =>
        (b.lossPerMinute?.likely ?? 0) - (a.lossPerMinute?.likely ?? 0) ||
        b.share.likely - a.share.likely ||
        b.share.high - a.share.high ||
        a.criticality - b.criticality ||
        (a.id < b.id ? -1 : 1),
    );
}

/** How far ahead the calendar is shown, ms. */
const AHEAD_MS = 28 * 24 * 3_600_000;
/** How far back samples reach, ms. */
const SAMPLES_MS = 24 * 3_600_000;

function businessImpact(context: Context, entity: BusinessEntity): BusinessImpact {
  const now = context.now();
  const setting = settingOf(context, entity);
  const { baseline, multipliers, stores } = setting;
  const share = shareNow(context, setting);
  const { health } = context.sources.board.businessHealth(entity.id);
  // A rate is what would be lost in the minute that begins now.
  const perMinute = (range: Range): Figures => figuresOf(setting, range, now, now + MINUTE_MS);
  const lost = perMinute(share.lost);
  const usual = (measure: 'orders' | 'transactions' | 'revenueMinor') => {
    const hourly = baseline ? rateAt(baseline, measure, multipliers, now) : null;
    return hourly === null ? null : hourly / 60;
  };
  const statements = mergedStatements(context, entity.id);
  const hurt = businessHurtSince(context, entity.id);
  const since = hurt ?? (health.health === 'early-warning' ? health.since : null);
  const episode = since === null ? null : { since, sum: sumOf(context, setting, statements, since, now) };
  const soFar = episode && soFarView(setting, episode.sum, Math.max(episode.since, now - MAX_SPAN_MS), now);
  const { currency } = entity;
  return {
    id: entity.id,
    name: nameOf(entity),
    criticality: entity.criticality,
    health,
    currency,
    unit: entity.unit,
    kind: share.kind,
    asOf: share.asOf,
    share: share.lost,
    bufferedShare: share.buffered,
    lossPerMinute: lost.revenueMinor && { ...lost.revenueMinor, currency, kind: share.kind, asOf: share.asOf },
    lostPerMinute: lost,
    bufferedPerMinute: perMinute(share.buffered),
    expectedPerMinute: {
      orders: usual('orders'),
      transactions: usual('transactions'),
      revenueMinor: usual('revenueMinor'),
    },
    soFar,
    customers: { perMinute: customersOf(lost), soFar: soFar && customersOf(soFar.lost) },
    stores: stores && storesHit(stores),
    clocks: clocksOf(entity, hurt, monthLost(context, setting, statements, episode), now),
    calendar: multipliers
      .filter(({ from, to }) => to > now && from < now + AHEAD_MS)
      .sort((a, b) => a.from - b.from)
      .slice(0, 20),
    inputs: [
      ...share.inputs,
      ...(baseline
        ? [{ name: 'Baseline', value: `hours of the week in ${baseline.timezone}`, source: originOf(entity), at: null }]
        : []),
    ],
    reasons: share.reasons,
    problems: [...setting.problems],
  };
}

function originOf({ origin, at }: BusinessEntity): string {
  return at ?? origin ?? 'estate';
}

/** One order or receipt stands for one customer. */
function customersOf({ orders, transactions }: FiguresView): Range | null {
  return orders ?? transactions;
}

/** What was declared longer ago says nothing of this month, unless it still goes on. */
const OLD_MS = 62 * 24 * 3_600_000;

function mergedStatements(context: Context, business: string): Statements[] {
  const open = new Set(context.incidents.open().map(({ id }) => id));
  const oldest = context.now() - OLD_MS;
  return context.incidents
    .briefs()
    .filter(({ id, declaredAt }) => declaredAt > oldest || open.has(id))
    .map(({ id }) => context.impact.stated(id, business))
    .filter(({ slots }) => slots.size > 0);
}

/** The statement in force of every slot, over several incidents. */
function slotsOf(statements: readonly Statements[]): Map<number, Slot> {
  const [first, ...others] = statements;
  if (!first) return new Map();
  if (others.length === 0) return first.slots;
  const merged = new Map(first.slots);
  for (const { slots } of others)
    for (const [start, slot] of slots) {
      const known = merged.get(start);
      if (!known || slot.measuredMs > known.measuredMs) merged.set(start, slot);
    }
  return merged;
}

function sumOf(context: Context, setting: Setting, statements: readonly Statements[], from: number, to: number): Total {
  return total(setting.baseline, slotsFor(context, setting, statements, from, to).slots);
}

/** The slots of a stretch of time, from the log and from what this console saw. */
function slotsFor(
  context: Context,
  setting: Setting,
  statements: readonly Statements[],
  from: number,
  to: number,
): { slots: Slot[]; seen: ReturnType<typeof seenOf> } {
  // What lies further back than the samples reach is in the log or nowhere.
  const past = to < context.now() - SAMPLES_MS;
  const seen = past ? { minuteAt: () => null, span: null } : seenOf(context, setting, from);
  const sources = { business: setting, stated: slotsOf(statements), minuteAt: seen.minuteAt, seen: seen.span };
  return { slots: slotsBetween(sources, from, to), seen };
}

function soFarView({ entity }: Setting, sum: Total, since: number, to: number): SoFarView {
  const { lost, buffered, measuredMs, estimatedMs, unknownMs } = sum;
  return {
    since,
    to,
    lost,
    buffered,
    currency: entity.currency,
    kind: to <= since ? 'measured' : basisOf(sum),
    measuredMs,
    estimatedMs,
    unknownMs,
  };
}

/**
 * Minutes lost in this month: by what the log states of it in all incidents, and since `since` (ms) by what this console saw,
 * too, so that the clock runs before anybody declared an incident.
 */
function monthLost(
  context: Context,
  setting: Setting,
  statements: readonly Statements[],
  episode: { since: number; sum: Total } | null,
) {
  const now = context.now();
  const zone = setting.baseline?.timezone ?? context.zone;
  const month = monthOf(now, zone, (date) => momentOf(date, zone));
  const from = episode === null ? month.to : Math.max(month.from, episode.since);
  let lostMinutes = 0;
  if (episode !== null)
    ({ lostMinutes } = from === episode.since ? episode.sum : sumOf(context, setting, statements, from, now));
  for (const slot of slotsOf(statements).values()) {
    if (slot.to <= month.from || slot.from >= from) continue;
    const part = partOf(slot, month.from, from);
    lostMinutes += (part.share.likely * (part.to - part.from)) / MINUTE_MS;
  }
  return { ...month, lostMinutes };
}

// Incidents

/** The business services that an incident hurts: those it names, else those whose hard path holds a service that it affects. */
export function hurtByIncident(context: Context, { doc }: EntityRow): { entities: BusinessEntity[]; named: boolean } {
  const all = context.estate.all('business-service');
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
  const byName = texts(doc['businessServices']).flatMap((id) => all.get(id) ?? []);
  if (byName.length > 0) return { entities: byName, named: true };
  const services = texts(doc['services']);
  const { board } = context.sources;
  const reached = [...all.values()].filter(({ id }) => {
    const path = board.hardPath(id);
    return services.some((service) => path.has(service));
  });
  return { entities: reached, named: false };
}

/** When an incident began and when it ended, ms; null while it goes on. */
export function spanOf(context: Context, row: EntityRow): { from: number; to: number | null } {
  const from = Number(row.doc['startedAt'] ?? row.doc['declaredAt']);
  const ended = endedAt(context, row);
  return { from, to: ended === null ? null : Math.max(from, ended) };
}

/** What an incident cost so far and costs now. `now`: what every business service loses. */
export function impactOf(
  context: Context,
  row: EntityRow,
  now: readonly BusinessImpact[],
  settings = new Map<string, Setting>(),
): IncidentImpact {
  const { entities, named: isNamed } = hurtByIncident(context, row);
  const { from, to: ended } = spanOf(context, row);
  const to = ended ?? Math.max(from, context.now());
  const over = ended !== null;
  const corrections: CorrectionView[] = [];
  const businessServices = entities.map((entity) => {
    const setting = settings.get(entity.id) ?? settingOf(context, entity);
    settings.set(entity.id, setting);
    const statements = context.impact.stated(row.id, entity.id);
    const { slots } = slotsFor(context, setting, [statements], from, to);
    const soFar = soFarView(setting, total(setting.baseline, slots), Math.max(from, to - MAX_SPAN_MS), to);
    const current = over ? undefined : now.find(({ id }) => id === entity.id);
    for (const one of correctionsOf(statements))
      corrections.push({
        businessService: named(context, 'business-service', entity.id),
        currency: entity.currency,
        ...one,
      });
    return {
      id: entity.id,
      name: nameOf(entity),
      currency: entity.currency,
      unit: entity.unit,
      kind: current?.kind ?? soFar.kind,
      lossPerMinute: current?.lossPerMinute ?? null,
      soFar,
    };
  });
  return {
    id: row.id,
    label: context.incidents.labels().get(row.id) ?? row.id,
    title: String(row.doc['title'] ?? ''),
    since: from,
    to,
    over,
    named: isNamed,
    totals: totalsOf(businessServices, context.now()),
    businessServices: businessServices.sort(
      (a, b) => (b.soFar.lost.revenueMinor?.likely ?? 0) - (a.soFar.lost.revenueMinor?.likely ?? 0),
    ),
    customers: businessServices
      .map(({ soFar }) => (soFar.lost.revenueMinor === null ? null : customersOf(soFar.lost)))
      .reduce<Range | null>((sum, one) => (sum === null ? one : one === null ? sum : plus(sum, one)), null),
    corrections: corrections.sort((a, b) => b.at - a.at),
  };
}

/**
 * How the sum was corrected: by what the log says of it, and where one console's measurement stands beside another's
 * estimate without either of them having known of the other.
 */
function correctionsOf({ slots, replaced, corrections }: Statements): StatedCorrection[] {
  const said = (slot: Slot) => corrections.some(({ from, to }) => slot.from >= from && slot.to <= to);
  const pairs = replaced.flatMap((before) => {
    const better = slots.get(slotStart(before.from));
    if (!better || before.measuredMs > 0 || better.measuredMs === 0 || said(before)) return [];
    return [{ before, after: partOf(better, before.from, before.to) }];
  });
  const found = correctionOf(pairs);
  return found ? [...corrections, { ...found, at: found.to }] : corrections;
}

type Summed = Pick<BusinessImpact, 'currency' | 'kind' | 'lossPerMinute' | 'soFar'>;

/** What several business services come to, one sum for each currency, the largest first. */
function totalsOf(list: readonly Summed[], now: number): CurrencyTotal[] {
  const totals: CurrencyTotal[] = [];
  for (const [currency, members] of Map.groupBy(list, (one) => one.currency)) {
    const rates = members.flatMap(({ lossPerMinute }) => lossPerMinute ?? []);
    const sums = members.flatMap(({ soFar }) => (soFar?.lost.revenueMinor ? [soFar] : []));
    if (rates.length === 0 && sums.length === 0) continue;
    const add = (ranges: readonly Range[]): Range => ranges.reduce(plus, { low: 0, likely: 0, high: 0 });
    const late = sums.flatMap(({ buffered }) => buffered.revenueMinor ?? []);
    totals.push({
      currency,
      perMinute: {
        ...pick(add(rates)),
        currency,
        kind: worst(rates.filter(({ high }) => high > 0).map(({ kind }) => kind)),
        asOf: rates.length === 0 ? now : Math.min(...rates.map(({ asOf }) => asOf)),
      },
      soFar:
        sums.length === 0
          ? null
          : {
              ...add(sums.map(({ lost }) => lost.revenueMinor!)),
              currency,
              kind: worst(sums.filter(({ lost }) => lost.revenueMinor!.high > 0).map(({ kind }) => kind)),
              since: Math.min(...sums.map(({ since }) => since)),
              to: Math.max(...sums.map(({ to }) => to)),
            },
      bufferedMinor: late.length === 0 ? null : add(late),
      businessServices: members.length,
    });
  }
  return totals.sort((a, b) => (b.soFar?.likely ?? b.perMinute.likely) - (a.soFar?.likely ?? a.perMinute.likely));
}

const pick = ({ low, likely, high }: Range): Range => ({ low, likely, high });

/** A sum is as sure as the least sure of what it adds. */
function worst(kinds: readonly BusinessImpact['kind'][]): BusinessImpact['kind'] {
  return kinds.includes('unknown') ? 'unknown' : kinds.includes('estimated') ? 'estimated' : 'measured';
}

/** Everything, or one incident with what it hurts. @throws Refusal `not_found` */
export function impact(context: Context, incident?: string, resolved = false): Impact {
  const all = impactNow(context);
  const rows =
    incident !== undefined
      ? [findIncident(context, incident)]
      : resolved
        ? context.incidents.declared()
        : context.incidents.open();
  const settings = new Map<string, Setting>();
  const incidents = rows.map((row) => impactOf(context, row, all, settings));
  const wanted = new Set(incidents.flatMap(({ businessServices }) => businessServices.map(({ id }) => id)));
  const businessServices = incident === undefined ? all : all.filter(({ id }) => wanted.has(id));
  return {
    asOf: context.now(),
    totals: totalsOf(businessServices, context.now()),
    businessServices,
    incidents,
  };
}
