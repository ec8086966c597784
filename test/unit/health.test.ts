import { describe, expect, it } from 'vitest';
import {
  grade,
  gradedBy,
  HYSTERESIS,
  judge,
  settle,
  settlesAt,
  type Evidence,
  type Judgement,
  type Settled,
} from '../../shared/domain/health.ts';
import { RollUp, type Reported } from '../../shared/domain/roll-up.ts';
import type { Health } from '../../shared/domain/words.ts';

const MINUTE = 60_000;
const NOW = 1_780_000_000_000;

function evidence(health: Health | null, more: Partial<Evidence> = {}): Evidence {
  return {
    source: 'prometheus',
    title: 'error rate',
    text: '12 %',
    health,
    since: NOW - 5 * MINUTE,
    observedAt: NOW - 10_000,
    validForMs: MINUTE,
    muted: false,
    weak: false,
    last: null,
    ...more,
  };
}

describe('grading a value', () => {
  const metric = { early: '>0.01', degraded: '>0.03', failing: '>0.1' };
  it.each([
    [0.005, 'healthy'],
    [0.01, 'healthy'],
    [0.02, 'early-warning'],
    [0.04, 'degraded'],
    [0.5, 'failing'],
    [Infinity, 'failing'],
    [-Infinity, 'healthy'],
    [Number.NaN, 'unknown'],
  ] as const)('%f is %s', (value, health) => expect(grade(metric, value)).toBe(health));

  it('takes thresholds that a value must not fall below', () => {
    const up = { unit: 'ratio', degraded: '< 0.9', failing: '<=0.5' };
    expect([1, 0.8, 0.5].map((value) => grade(up, value))).toEqual(['healthy', 'degraded', 'failing']);
    expect(gradedBy(up, 'degraded')).toBe('degraded below 90 %');
  });

  it('says nothing of health without a threshold', () => expect(grade({}, 5)).toBeNull());
});

describe('judging a service', () => {
  it('knows nothing when nothing reports', () => {
    expect(judge([], NOW)).toMatchObject({
      health: 'unknown',
      source: null,
      since: null,
      reason: 'Nothing reports on it',
    });
  });

  it('is as bad as its worst fresh signal, with its source and its words', () => {
    const judged = judge(
      [
        evidence('healthy'),
        evidence('failing', { source: 'am', title: 'CheckoutDown', text: 'no orders', since: NOW - MINUTE }),
        evidence('degraded'),
      ],
      NOW,
    );
    expect(judged).toMatchObject({
      health: 'failing',
      source: 'am',
      since: NOW - MINUTE,
      reason: 'CheckoutDown: no orders',
    });
  });

  it('is unknown once its signal is stale, and says what it last was and since when', () => {
    const signal = evidence('failing', { observedAt: NOW });
    expect(judge([signal], NOW + MINUTE)).toMatchObject({ health: 'failing', validUntil: NOW + MINUTE + 1 });
    expect(judge([signal], NOW + MINUTE + 1)).toMatchObject({
      health: 'unknown',
      last: 'failing',
      silent: true,
      since: NOW + MINUTE,
      observedAt: NOW,
      reason: expect.stringContaining('last was failing'),
    });
  });

  it('is not healthy by one signal while another that was bad fell silent', () => {
    const silent = evidence('failing', { source: 'am', observedAt: NOW - 2 * MINUTE });
    expect(judge([evidence('healthy'), silent], NOW)).toMatchObject({
      health: 'unknown',
      source: 'am',
      silent: true,
      last: 'failing',
    });
    expect(judge([evidence('healthy'), { ...silent, health: 'healthy' }], NOW).health).toBe('healthy');
  });

  it('is not healthy by one signal while another that was bad lost its data', () => {
    const lost = evidence('unknown', { title: 'latency', text: 'no data', last: 'degraded' });
    expect(judge([evidence('healthy'), lost], NOW)).toMatchObject({
      health: 'unknown',
      reason: 'latency: no data; it last was degraded',
    });
    expect(judge([evidence('healthy'), { ...lost, last: null }], NOW).health).toBe('healthy');
  });

  it('takes "no alert fires" for good news only when nothing stronger is silent', () => {
    const quiet = evidence('healthy', { weak: true, title: 'alerts', text: 'none fires' });
    expect(judge([quiet], NOW)).toMatchObject({ health: 'healthy', reason: 'alerts: none fires' });
    expect(judge([quiet, evidence('unknown', { text: 'no data' })], NOW).health).toBe('unknown');
    expect(judge([quiet, evidence('healthy', { observedAt: NOW - 2 * MINUTE })], NOW).health).toBe('unknown');
    expect(judge([quiet, evidence('healthy')], NOW).health).toBe('healthy');
    expect(judge([{ ...quiet, observedAt: NOW - 2 * MINUTE }], NOW)).toMatchObject({
      health: 'unknown',
      silent: true,
      last: 'healthy',
    });
  });

  it('does not count what is silenced, nor what says nothing of health', () => {
    expect(judge([evidence('failing', { muted: true }), evidence(null), evidence('healthy')], NOW).health).toBe(
      'healthy',
    );
    expect(judge([evidence('failing', { muted: true })], NOW).health).toBe('unknown');
  });
});

describe('hysteresis', () => {
  const raw = (health: Health, at: number, more: Partial<Judgement> = {}): Judgement => ({
    health,
    since: at,
    source: 'prometheus',
    observedAt: at,
    reason: '',
    last: null,
    silent: false,
    validUntil: null,
    ...more,
  });
  const start = (health: Health): Settled => settle(null, raw(health, NOW), NOW);

  it('shows failing at once', () => {
    expect(settle(start('healthy'), raw('failing', NOW + 1), NOW + 1)).toMatchObject({
      health: 'failing',
      since: NOW + 1,
    });
  });

  it('shows a turn for the worse at its second observation, dated from the first', () => {
    const once = settle(start('healthy'), raw('degraded', NOW + 1000), NOW + 1000);
    expect(once.health).toBe('healthy');
    // Looked at again without anything new having been observed.
    expect(settle(once, raw('degraded', NOW + 1000), NOW + 2000).health).toBe('healthy');
    const twice = settle(once, raw('degraded', NOW + 1000, { observedAt: NOW + 16_000 }), NOW + 16_000);
    expect(twice).toMatchObject({ health: 'degraded', since: NOW + 1000 });
  });

  it('shows a turn for the worse that lasts, even when it is observed only once', () => {
    const once = settle(start('healthy'), raw('degraded', NOW + 1000), NOW + 1000);
    const due = settlesAt(once)!;
    expect(due).toBe(NOW + 1000 + HYSTERESIS.worsenMs);
    expect(settle(once, raw('degraded', NOW + 1000), due).health).toBe('degraded');
  });

  it('does not wait again for an alert that has been firing for minutes', () => {
    expect(settle(start('healthy'), raw('degraded', NOW, { since: NOW - 3 * MINUTE }), NOW)).toMatchObject({
      health: 'degraded',
      since: NOW - 3 * MINUTE,
    });
  });

  it('waits before it shows a turn for the better, and then shows the worst seen meanwhile', () => {
    const better = settle(start('failing'), raw('healthy', NOW + 1000), NOW + 1000);
    const wobble = settle(better, raw('early-warning', NOW + 20_000), NOW + 20_000);
    expect(wobble.health).toBe('failing');
    expect(settle(wobble, raw('healthy', NOW + 60_000), NOW + 60_999).health).toBe('failing');
    const shown = settle(wobble, raw('healthy', NOW + 61_000), NOW + 61_000);
    expect(shown).toMatchObject({ health: 'early-warning', since: NOW + 1000 });
    expect(settle(shown, raw('healthy', NOW + 121_000), NOW + 121_000).health).toBe('healthy');
  });

  it('waits twice as long after each relapse', () => {
    let state = start('failing');
    let at = NOW;
    const holds: number[] = [];
    for (let round = 0; round < 3; round++) {
      at += 1000;
      state = settle(state, raw('healthy', at), at);
      holds.push(settlesAt(state)! - at);
      at = settlesAt(state)!;
      state = settle(state, raw('healthy', at), at);
      expect(state.health).toBe('healthy');
      at += 1000;
      state = settle(state, raw('failing', at), at);
    }
    expect(holds).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE]);
  });

  it('shows silence at once, and one read without data not at once', () => {
    expect(settle(start('healthy'), raw('unknown', NOW + 1, { silent: true }), NOW + 1).health).toBe('unknown');
    const once = settle(start('healthy'), raw('unknown', NOW + 1), NOW + 1);
    expect(once.health).toBe('healthy');
    expect(settle(once, raw('unknown', NOW + 1, { observedAt: NOW + 15_000 }), NOW + 15_000)).toMatchObject({
      health: 'unknown',
      since: NOW + 1,
    });
  });

  it('shows whatever is known in place of unknown', () => {
    expect(settle(start('unknown'), raw('healthy', NOW + 1), NOW + 1)).toMatchObject({
      health: 'healthy',
      since: NOW + 1,
    });
  });
});

describe('rolling up', () => {
  const hard = (from: string, to: string) => ({ from, to, strength: 'hard' as const });
  const soft = (from: string, to: string) => ({ from, to, strength: 'soft' as const });
  const dependencies = [
    hard('web', 'checkout'),
    hard('checkout', 'payments'),
    hard('payments', 'psp'),
    soft('checkout', 'tax'),
    hard('tax', 'tax-vendor'),
    soft('tax', 'log'),
    hard('psp', 'payments'),
  ];
  const services = ['web', 'checkout', 'payments', 'psp', 'tax', 'tax-vendor', 'log'];
  function roll(reported: Record<string, Reported>) {
    return new RollUp(
      { services, dependencies, businessServices: [{ id: 'buy', services: ['web'] }] },
      (id) => reported[id] ?? 'healthy',
    ).of('buy')!;
  }

  it('is healthy when everything on the hard path is', () => {
    expect(roll({})).toEqual({ health: 'healthy', because: [], soft: false, path: 4, unknown: 0, unwatched: 0 });
  });

  it('is as bad as the worst on the hard path, through cycles', () => {
    expect(roll({ psp: 'failing', checkout: 'degraded' })).toMatchObject({
      health: 'failing',
      because: ['psp'],
      soft: false,
    });
  });

  it('takes a soft dependency as an early warning at most, with what that needs', () => {
    expect(roll({ 'tax-vendor': 'failing' })).toMatchObject({
      health: 'early-warning',
      because: ['tax-vendor'],
      soft: true,
    });
    expect(roll({ tax: 'early-warning' }).health).toBe('healthy');
    expect(roll({ tax: 'unknown' }).health).toBe('healthy');
    expect(roll({ log: 'failing' }).health).toBe('healthy');
  });

  it('is unknown rather than green or merely early when part of its path is unknown', () => {
    expect(roll({ psp: 'unknown', web: 'early-warning' })).toMatchObject({
      health: 'unknown',
      because: ['psp'],
      unknown: 1,
    });
    expect(roll({ psp: 'unknown', web: 'degraded' })).toMatchObject({
      health: 'degraded',
      because: ['web'],
      unknown: 1,
    });
  });

  it('does without services that nothing watches, unless there are no others', () => {
    expect(roll({ psp: 'unwatched' })).toMatchObject({ health: 'healthy', unwatched: 1 });
    expect(roll(Object.fromEntries(services.map((id) => [id, 'unwatched'])))).toMatchObject({
      health: 'unknown',
      unwatched: 4,
    });
  });

  it('is unknown when none of its services exists', () => {
    const rolled = new RollUp(
      { services, dependencies, businessServices: [{ id: 'ghost', services: ['nobody'] }] },
      () => 'healthy',
    );
    expect(rolled.of('ghost')).toMatchObject({ health: 'unknown', path: 0 });
    expect(rolled.of('never')).toBeNull();
  });

  it('lists what hurts, worst first', () => {
    const reported: Record<string, Reported> = {
      web: 'early-warning',
      psp: 'failing',
      payments: 'unknown',
      checkout: 'degraded',
      tax: 'failing',
    };
    const rolled = new RollUp(
      { services, dependencies, businessServices: [{ id: 'buy', services: ['web'] }] },
      (id) => reported[id] ?? 'healthy',
    );
    expect(rolled.hurtBy('buy')).toEqual(['psp', 'checkout', 'payments', 'web']);
  });
});
