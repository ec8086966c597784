/**
 * Another time than now: the health of an instant, or what changed since then. Invariant: it is never silent about not being now,
 * and nothing moves unless somebody asked for it.
 */
import { ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { HealthHistory } from '../../../shared/contract/estate.ts';
import type { MapMarks } from '../../../shared/contract/map.ts';
import { CHANGE_WINDOW_MS } from '../../../shared/domain/cause/rank.ts';
import { formatDuration, formatTime, formatWhen } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useZone } from '../../state/zone.ts';
import { classes } from '../../ui/classes.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Select } from '../../ui/Select.tsx';
import { HEALTH_ORDER } from '../../ui/words.ts';
import { HealthCount } from './HealthCount.tsx';
import styles from './MomentBar.module.css';
import { type Graph, HEALTHS } from './model/graph.ts';
import { type Comparison, changeBeside } from './model/history.ts';
import { type Moment, backToNow, setFilter, useMap } from './state.ts';

/** How far a replay may reach back, hours. */
const REACHES = [1, 6, 24, 168] as const;
/** One step of the scrubber, ms, and of it with Page up and down. */
const STEP = 10_000;
/** While it plays, a tick of the clock shows so much of the past, ms. */
const TICK = 200;
const SPEED = 60;
/** Marks of changes that are drawn on the scrubber. */
const MARKS = 400;

export interface MomentBarProps {
  moment: Exclude<Moment, { mode: 'now' }>;
  graph: Graph;
  history: HealthHistory | undefined;
  error: { message: string } | null;
  comparison: Comparison | null;
  /** Instants to compare with, the newest first. */
  instants: readonly { at: number; label: string }[];
  onlyChanged: boolean;
  /** Changes of services, the newest first. */
  changes: MapMarks['changes'];
}

/** Instants that are worth comparing with: when incidents were declared, an hour ago, a day ago. */
export function useInstants(wanted: boolean, now: number): { at: number; label: string }[] {
  const { value } = useQuery('incident.list', wanted ? { all: true } : null, ['incidents']);
  const hour = Math.floor(now / 60_000) * 60_000 - 3_600_000;
  return useMemo(
    () => [
      ...(value ?? [])
        .toSorted((a, b) => b.declaredAt - a.declaredAt)
        .slice(0, 20)
        .map(({ label, title, declaredAt }) => ({ at: declaredAt, label: `${label} was declared (${title})` })),
      { at: hour, label: 'an hour ago' },
      { at: hour - 23 * 3_600_000, label: 'a day ago' },
    ],
    [value, hour],
  );
}

export function MomentBar(props: MomentBarProps) {
  const { moment, error } = props;
  useKeys('Another time', [{ keys: 'n', title: 'Back to now', run: backToNow }]);
  return (
    <div className={styles.bar} data-testid="moment-bar">
      <div className={styles.row}>
        {moment.mode === 'replay' ? <Replay {...props} moment={moment} /> : <Compare {...props} moment={moment} />}
        <Button keys="n" onClick={backToNow}>
          Back to now
        </Button>
      </div>
      {error !== null && <ErrorLine error={error} />}
    </div>
  );
}

function Replay({ moment, graph, history, changes }: MomentBarProps & { moment: Extract<Moment, { mode: 'replay' }> }) {
  const zone = useZone();
  const [playing, setPlaying] = useState(false);
  const from = history?.from ?? 0;
  const to = history?.to ?? 0;
  const at = Math.min(to, Math.max(from, moment.at ?? to));
  const move = (next: number): void => {
    useMap.setState({ moment: { ...moment, at: Math.min(to, Math.max(from, next)) } });
  };
  const beside = (direction: -1 | 1): void => {
    if (history === undefined) return;
    setPlaying(false);
    move(changeBeside(history, at, direction) ?? (direction === 1 ? to : from));
  };
  const plays = playing && at < to;
  useEffect(() => {
    if (!plays) return undefined;
    const timer = setTimeout(
      () =>
        useMap.setState(({ moment: now }) =>
          now.mode === 'replay' ? { moment: { ...now, at: Math.min(to, at + TICK * SPEED) } } : {},
        ),
      TICK,
    );
    return () => clearTimeout(timer);
  }, [plays, at, to]);
  useKeys('Replay', [
    { keys: ',', title: 'To the change before', run: () => beside(-1) },
    { keys: '.', title: 'To the change after', run: () => beside(1) },
    { keys: 'p', title: plays ? 'Stop' : 'Play, a minute a second', run: () => setPlaying(!plays) },
  ]);
  const marks = useMemo(() => marksOf(history), [history]);
  const diamonds = useMemo(
    () => changes.filter((change) => change.at >= from && change.at <= to).slice(0, MARKS),
    [changes, from, to],
  );
  const newest = changes.find((change) => change.at <= at && change.at > at - CHANGE_WINDOW_MS);
  const counts = HEALTHS.map((health, code) => ({ health, count: graph.health.filter((one) => one === code).length }));
  return (
    <>
      <p className={styles.when}>
        <b>{history === undefined ? 'Reading …' : formatWhen(at, zone, to, { seconds: true })}</b>
        <span className={styles.quiet}>
          {history === undefined ? '' : at < to ? `${formatDuration(to - at)} before now` : 'the end'}
        </span>
      </p>
      <IconButton label="To the change before (,)" icon={<ChevronLeft size={16} />} onClick={() => beside(-1)} />
      <IconButton
        label={plays ? 'Stop (P)' : 'Play, a minute a second (P)'}
        icon={plays ? <Pause size={16} /> : <Play size={16} />}
        onClick={() => setPlaying(!plays)}
      />
      <IconButton label="To the change after (.)" icon={<ChevronRight size={16} />} onClick={() => beside(1)} />
      <div className={styles.scrub}>
        <svg className={styles.marks} viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
          <path d={marks} stroke="currentColor" vectorEffect="non-scaling-stroke" />
        </svg>
        {diamonds.map((change) => (
          <span
            key={change.id}
            className={styles.change}
            style={{ left: `${((change.at - from) / (to - from)) * 100}%` }}
            title={`${formatTime(change.at, zone)} ${change.title}`}
          />
        ))}
        <input
          type="range"
          aria-label="Instant that is shown"
          aria-valuetext={formatWhen(at, zone, to, { seconds: true })}
          className={styles.range}
          min={from}
          max={to}
          step={STEP}
          value={at}
          disabled={history === undefined}
          onChange={(event) => {
            setPlaying(false);
            move(Number(event.target.value));
          }}
        />
      </div>
      <Select
        label="How far back"
        hideLabel
        options={REACHES.map((hours) => ({
          value: String(hours),
          label: hours === 168 ? 'last 7 days' : hours === 1 ? 'last hour' : `last ${hours} h`,
        }))}
        value={String(moment.hours)}
        onChange={(hours) => useMap.setState({ moment: { mode: 'replay', at: null, hours: Number(hours) } })}
      />
      <p className={classes(styles.counts, styles.last)} data-testid="moment-counts">
        {HEALTH_ORDER.map((health) => {
          const count = counts.find((one) => one.health === health)?.count ?? 0;
          return count === 0 ? null : <HealthCount key={health} health={health} count={count} />;
        })}
        {newest !== undefined && (
          <span className={styles.newest} data-testid="moment-change">
            changed {formatTime(newest.at, zone)}: {newest.title}
          </span>
        )}
        {history?.cut === true && (
          <span className={styles.quiet}>only the newest changes, since {formatTime(from, zone)}</span>
        )}
      </p>
    </>
  );
}

function marksOf(history: HealthHistory | undefined): string {
  if (history === undefined || history.to <= history.from) return '';
  const { from, to, changes } = history;
  const places = new Set(changes.map(({ at }) => Math.round(((at - from) / (to - from)) * MARKS)));
  return [...places].map((place) => `M${(place * 1000) / MARKS} 0V8`).join('');
}

function Compare({
  moment,
  comparison,
  instants,
  onlyChanged,
}: MomentBarProps & { moment: Extract<Moment, { mode: 'compare' }> }) {
  const at = moment.at ?? instants[0]?.at ?? 0;
  const zone = useZone();
  const known = instants.some((instant) => instant.at === at);
  return (
    <>
      <Select
        label="Now against when"
        options={[
          ...(known ? [] : [{ value: String(at), label: formatTime(at, zone) }]),
          ...instants.map((instant) => ({
            value: String(instant.at),
            label: `${instant.label.slice(0, 60)}, ${formatTime(instant.at, zone)}`,
          })),
        ]}
        value={String(at)}
        onChange={(next) => useMap.setState({ moment: { mode: 'compare', at: Number(next) } })}
      />
      <p className={styles.counts} data-testid="moment-counts">
        {comparison === null ? (
          'Reading …'
        ) : (
          <>
            <b>{comparison.worse.length.toLocaleString('en')} worse</b>
            <span>{comparison.better.length.toLocaleString('en')} better</span>
            <span className={styles.quiet}>{comparison.same.toLocaleString('en')} the same</span>
          </>
        )}
      </p>
      <Button
        aria-pressed={onlyChanged}
        disabled={comparison === null || comparison.was.size === 0}
        onClick={() => setFilter({ show: onlyChanged ? 'all' : 'changed' })}
      >
        Only what changed
      </Button>
    </>
  );
}
