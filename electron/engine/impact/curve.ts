/**
 * What was measured against what usually comes, minute by minute, with what people decided and changed meanwhile.
 * Invariant: a minute without a sample is a hole in the line, never a zero and never a guess.
 */
import type { CurveMark, CurveView } from '../../../shared/contract/impact.ts';
import type { ThroughputQuery } from '../../../shared/domain/estate.ts';
import { rateAt, type Measure } from '../../../shared/domain/impact/baseline.ts';
import { MINUTE_MS } from '../../../shared/domain/impact/ledger.ts';
import { noise } from '../../../shared/domain/impact/share.ts';
import { oneLine, tell } from '../../../shared/domain/timeline.ts';
import type { Context } from '../context.ts';
import { held, nameOf, settingOf } from './business.ts';
import { hurtByIncident } from './index.ts';

const MEASURE_OF: Record<ThroughputQuery['measures'], Measure> = {
  orders: 'orders',
  transactions: 'transactions',
  revenue: 'revenueMinor',
};
/** More marks than this are not told apart. */
const MARKS = 60;
/** As many points as are drawn at most. */
const POINTS = 360;

export function curve(
  context: Context,
  businessService: string,
  hours: number,
  wanted?: ThroughputQuery['measures'],
): CurveView {
  const entity = context.estate.get('business-service', businessService)!;
  const setting = settingOf(context, entity);
  const { baseline, multipliers } = setting;
  const now = context.now();
  const { board } = context.sources;
  const telemetry = board.throughput(entity.id);
  const measure =
    wanted ??
    telemetry[0]?.measures ??
    (['orders', 'transactions', 'revenue'] as const).find((one) => baseline?.[MEASURE_OF[one]]) ??
    null;
  const signal = telemetry.find((one) => one.measures === measure) ?? null;
  const span = hours * 60 * MINUTE_MS;
  const stepMs = Math.max(MINUTE_MS, Math.ceil(span / POINTS / MINUTE_MS) * MINUTE_MS);
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const from = Math.floor((to - span) / stepMs) * stepMs;
  const samples = signal
    ? held(board.samples(signal.source, signal.key, from - 3 * MINUTE_MS))
    : new Map<number, never>();

  const points: CurveView['points'] = [];
  for (let at = from; at < to; at += stepMs) {
    const values: number[] = [];
    for (let minute = at; minute < Math.min(to, at + stepMs); minute += MINUTE_MS) {
      const sample = samples.get(minute);
      if (sample) values.push(sample.value);
    }
    const hourly = baseline && measure ? rateAt(baseline, MEASURE_OF[measure], multipliers, at) : null;
    const counts = measure === 'revenue' && baseline ? (rateAt(baseline, 'orders', multipliers, at) ?? hourly) : hourly;
    const band = noise(counts ?? 0);
    const usual = hourly === null ? null : hourly / 60;
    points.push({
      at,
      actual: values.length === 0 ? null : (values.reduce((sum, value) => sum + value, 0) / values.length) * 60,
      expected: usual,
      low: usual === null ? null : Math.max(0, usual * (1 - band)),
      high: usual === null ? null : usual * (1 + band),
    });
  }
  return {
    id: entity.id,
    name: nameOf(entity),
    measure,
    unit:
      measure === 'revenue'
        ? entity.currency
        : measure === 'transactions'
          ? transactionsOf(entity.unit)
          : (measure ?? entity.unit),
    currency: entity.currency,
    from,
    to,
    stepMs,
    points,
    marks: marksOf(context, entity.id, from, to),
    source: signal ? context.sources.title(signal.source) : null,
    lastAt: signal?.observedAt ?? null,
    problems: [...(signal ? [] : ['Nothing measures it: only what usually comes is shown.']), ...setting.problems],
  };
}

/** What its transactions are called: documents, receipts. */
function transactionsOf(unit: string): string {
  return unit === 'orders' ? 'transactions' : unit;
}

/** Changes on its hard path, and what was declared, decided and corrected in the incidents that hurt it. */
function marksOf(context: Context, business: string, from: number, to: number): CurveMark[] {
  const marks: CurveMark[] = [];
  const path = context.sources.board.hardPath(business);
  for (const { id, doc } of context.store.newestChanges(200)) {
    const at = Number(doc['at']);
    const services = Array.isArray(doc['services']) ? (doc['services'] as string[]) : [];
    if (at < from || at > to || !services.some((service) => path.has(service))) continue;
    marks.push({ at, kind: 'change', title: oneLine(String(doc['title'] ?? ''), 120), id });
  }
  const labels = context.incidents.labels();
  for (const row of context.incidents.declared()) {
    if (!hurtByIncident(context, row).entities.some(({ id }) => id === business)) continue;
    const label = labels.get(row.id) ?? row.id;
    const entries = context.store.entries(
      { scope: row.id },
      {
        limit: MARKS,
        since: from,
        types: ['incident.declare', 'entry.decision', 'incident.status', 'impact.checkpoint'],
      },
    );
    for (const { op, at } of entries) {
      if (at > to) continue;
      const payload = op.payload as Record<string, unknown>;
      if (op.type === 'impact.checkpoint' && payload['businessService'] !== business) continue;
      if (op.type === 'incident.status' && payload['status'] !== 'resolved') continue;
      const text = typeof payload['text'] === 'string' ? payload['text'] : '';
      const said: Pick<CurveMark, 'kind' | 'title'> =
        op.type === 'incident.declare'
          ? { kind: 'declared', title: `${label} declared: ${String(payload['title'] ?? '')}` }
          : op.type === 'entry.decision'
            ? { kind: 'decision', title: text }
            : op.type === 'incident.status'
              ? { kind: 'resolved', title: `${label} resolved` }
              : { kind: 'correction', title: correction(context, op, at) };
      marks.push({ at, kind: said.kind, title: oneLine(said.title, 160), id: row.id });
    }
  }
  return marks.sort((a, b) => a.at - b.at).slice(-MARKS);
}

function correction(context: Context, op: { type: string; payload: unknown }, at: number): string {
  const same = (id: string) => id;
  const zone = context.settings?.headquartersZone ?? context.zone;
  return tell(
    { type: op.type, payload: op.payload as Record<string, unknown>, eventTime: at, zone },
    {
      person: same,
      service: same,
      businessService: (id) => context.estate.name('business-service', id),
      step: (_run, step) => step,
      ask: () => null,
      entry: () => null,
      source: same,
    },
  ).summary;
}
