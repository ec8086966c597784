/**
 * The clocks of a business service. Invariant: a clock runs from when it began to be degraded or failing and stops when it is
 * known to be well again, not before (see hurt.ts); what runs down says how much is left, below zero by how much it is over.
 *
 *     RTO, RPO: left = since + objective − now.  An objective of nothing at all can't run down: it is only said.
 *     SLA: budget = minutes of this month × (1 − promise);  left = budget − Σ minutes × share lost in them
 *
 * Worked example: promised 99.9 % of a month of 30 days = 43.2 minutes. 60 minutes at 50 % lost cost 30 of them: 13.2 left.
 */
import { formatDuration, localTime } from '../times.ts';

export interface RunningClock {
  kind: 'rto' | 'rpo' | 'sla';
  title: string;
  since: number | null;
  dueAt: number | null;
  leftMs: number | null;
  state: 'idle' | 'running' | 'over';
  text: string;
}

export interface Objectives {
  rtoMinutes: number | null;
  rpoMinutes: number | null;
  slaPercent: number | null;
}

const MINUTE = 60_000;

/**
 * @param since when it began to be hurt, ms; null while it is not
 * @param month beginning and end of this month (ms), and the minutes lost in it
 */
export function clocksOf(
  { rtoMinutes, rpoMinutes, slaPercent }: Objectives,
  since: number | null,
  month: { from: number; to: number; lostMinutes: number },
  now: number,
): RunningClock[] {
  const clocks: RunningClock[] = [];
  if (rtoMinutes !== null) clocks.push(countdown('rto', 'Recover within', rtoMinutes, since, now));
  if (rpoMinutes !== null) clocks.push(countdown('rpo', 'Lose data of at most', rpoMinutes, since, now));
  if (slaPercent !== null) {
    const budget = ((month.to - month.from) / MINUTE) * (1 - slaPercent / 100);
    const left = (budget - month.lostMinutes) * MINUTE;
    clocks.push({
      kind: 'sla',
      title: `${slaPercent} % of this month`,
      since,
      dueAt: null,
      leftMs: left,
      state: left < 0 ? 'over' : since === null ? 'idle' : 'running',
      text:
        left < 0
          ? `${formatDuration(-left)} over the ${formatDuration(budget * MINUTE)} that this month may lose`
          : `${formatDuration(left)} left of the ${formatDuration(budget * MINUTE)} that this month may lose`,
    });
  }
  return clocks;
}

function countdown(
  kind: 'rto' | 'rpo',
  title: string,
  minutes: number,
  since: number | null,
  now: number,
): RunningClock {
  const objective = minutes * MINUTE;
  const named =
    minutes > 0 ? `${title} ${formatDuration(objective)}` : kind === 'rpo' ? 'Lose no data' : `${title} no time`;
  if (since === null) return { kind, title: named, since: null, dueAt: null, leftMs: null, state: 'idle', text: named };
  const dueAt = since + objective;
  const leftMs = dueAt - Math.max(now, since);
  const over = leftMs < 0 && minutes > 0;
  return {
    kind,
    title: named,
    since,
    dueAt,
    leftMs,
    state: over ? 'over' : 'running',
    text:
      minutes === 0
        ? `${named}: whatever is lost now is too much`
        : over
          ? `${named}: over by ${formatDuration(-leftMs)}`
          : `${named}: ${formatDuration(leftMs)} left`,
  };
}

/** The month of `now` in `zone`, as instants. */
export function monthOf(
  now: number,
  zone: string,
  instantOf: (date: string) => number | null,
): { from: number; to: number } {
  const { year, month } = localTime(now, zone);
  const first = (y: number, m: number) => `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-01`;
  const from = instantOf(first(year, month)) ?? now;
  const to = instantOf(month === 12 ? first(year + 1, 1) : first(year, month + 1)) ?? now;
  return { from, to };
}
