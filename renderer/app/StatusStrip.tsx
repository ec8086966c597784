/**
 * One line on every screen that says what the console itself is: where it is linked to, what it hears from, who acts,
 * what time it is where it matters, and whether any of this is a demonstration.
 */
import { useEffect } from 'react';
import { formatDuration, zoneName } from '../../shared/domain/times.ts';
import { useEngine } from '../bridge/useEngine.ts';
import { useQuery } from '../bridge/useQuery.ts';
import { GrantsStrip } from '../features/breakglass/Strip.tsx';
import { openUnlock, useHeld } from '../state/access.ts';
import { useNavigation } from '../state/navigation.ts';
import { useZone } from '../state/zone.ts';
import { classes } from '../ui/classes.ts';
import { Clock } from '../ui/TimeText.tsx';
import { useNow } from '../state/now.ts';
import type { Output } from '../../shared/contract/table.ts';
import { useFirstPainted } from './ready.ts';
import { SCREENS } from './screens.ts';
import styles from './StatusStrip.module.css';

type Status = Output<'status'>;

export function StatusStrip() {
  const screen = useNavigation((state) => state.screen);
  const { value: status } = useQuery('status', {}, ['status', 'sources', 'estate', 'settings']);
  const first = useFirstPainted();
  return (
    <header className={styles.strip}>
      <span className={styles.brand}>Holdfast</span>
      <h1 className={styles.title}>{SCREENS[screen].title}</h1>
      {status?.estate.demonstration && <span className={styles.demonstration}>DEMONSTRATION</span>}
      {first && <GrantsStrip />}
      <span className={styles.space} />
      {status !== undefined && (
        <>
          <Sources status={status} />
          <Link link={status.link} />
          {status.digest !== null && <Digest headline={status.digest} />}
          <Actor status={status} />
        </>
      )}
      <EngineWord />
      <Clocks />
    </header>
  );
}

const TONES = { down: 'bad', late: 'warn', never: undefined, live: undefined } as const;

function Sources({ status }: { status: Status }) {
  const go = useNavigation((state) => state.go);
  const { total, byState } = status.sources;
  const parts = (['down', 'late', 'never', 'live'] as const).flatMap((state) =>
    byState[state] ? [{ state, count: byState[state] }] : [],
  );
  return (
    <button type="button" className={styles.item} onClick={() => go('sources')}>
      <span className={styles.label}>sources</span>
      {total === 0 && 'none'}
      {total > 0 && parts.length === 0 && 'all off'}
      {parts.map(({ state, count }) => (
        <span key={state} className={styles.part} data-tone={TONES[state]}>
          {count} {state === 'never' ? 'not heard yet' : state}
        </span>
      ))}
    </button>
  );
}

function Link({ link }: { link: Status['link'] }) {
  const go = useNavigation((state) => state.go);
  const now = useNow();
  const waiting = link.waiting === 0 ? '' : ` · ${link.waiting.toLocaleString('en')} waiting`;
  const since = link.since === null ? '' : ` ${formatDuration(Math.max(0, now - link.since))}`;
  const refused = link.refusedSince === null ? '' : ', credentials refused';
  const text = {
    alone: 'no hub',
    connected: 'connected',
    late: `late${since}`,
    'cut-off': `cut off${since}${refused}`,
  }[link.state];
  return (
    <button
      type="button"
      className={styles.item}
      data-tone={link.state === 'cut-off' ? 'bad' : link.state === 'late' ? 'warn' : undefined}
      title={
        link.state === 'alone'
          ? 'No hub is configured: everything is kept on this console. Opens Link.'
          : 'The hub and the other consoles. Opens Link.'
      }
      onClick={() => go('link')}
    >
      {link.state !== 'cut-off' && <span className={styles.label}>link</span>}
      {text}
      {waiting}
    </button>
  );
}

function Digest({ headline }: { headline: string }) {
  const go = useNavigation((state) => state.go);
  return (
    <button type="button" className={styles.item} data-tone="warn" title={headline} onClick={() => go('digest')}>
      what happened
    </button>
  );
}

/** Who is here, and whether that was proved: an open console says so, a locked one is unlocked by pressing it. */
function Actor({ status }: { status: Status }) {
  const go = useNavigation((state) => state.go);
  const { state, may, verified } = status.access;
  const outage = verified?.reachable === false ? verified : null;
  useEffect(() => useHeld.setState({ state, may }), [state, may]);
  const [word, title] = {
    open: ['open', 'Nobody has set anything to unlock this console with. Opens Settings.'],
    locked: ['locked', 'Only reading until somebody unlocks it. Unlocks it.'],
    unlocked: ['unlocked', 'Who unlocked this console. Changes who is here, or locks it.'],
  }[state] as [string, string];
  return (
    <button
      type="button"
      className={classes(styles.item, styles.actor)}
      data-tone={state === 'locked' ? 'warn' : undefined}
      title={title}
      onClick={() => (state === 'open' ? go('settings') : openUnlock())}
    >
      {!outage && (
        <span className={classes(state !== 'locked' && styles.label)}>{state === 'locked' ? '■ locked' : word}</span>
      )}
      {state !== 'locked' && <span className={styles.name}>{status.actor.name}</span>}
      {outage && <Unreachable {...outage} />}
    </button>
  );
}

/** What single sign-on said counts on for a while when it cannot be asked again. */
function Unreachable({ name, at, until }: { name: string; at: number; until: number }) {
  const now = useNow();
  const left = formatDuration(Math.max(0, until - now));
  return (
    <span
      className={styles.verified}
      data-tone="warn"
      title={`${name} does not answer; what it said counts for another ${left}.`}
    >
      verified {formatDuration(Math.max(0, now - at))} ago, SSO unreachable
    </span>
  );
}

/** A start that takes as long as usual is not worth a word, ms. */
const STARTING_SHOWN_AFTER = 2000;

function EngineWord() {
  const { state, since } = useEngine();
  const now = useNow();
  if (state !== 'starting' || now - since < STARTING_SHOWN_AFTER) return null;
  return (
    <span className={styles.item} role="status">
      data engine starting
    </span>
  );
}

/** Headquarters, and the region of the incident that matters here, when its clock shows another time. */
function Clocks() {
  const zone = useZone();
  const now = useNow(60_000);
  const shown = useNavigation((state) => (state.screen === 'incident' ? state.params['incident'] : undefined));
  const first = useFirstPainted();
  const { value: open } = useQuery('incident.list', first && shown === undefined ? { all: false } : null, [
    'incidents',
  ]);
  const worst =
    shown ?? open?.toSorted((a, b) => a.severity.localeCompare(b.severity) || b.declaredAt - a.declaredAt)[0]?.id;
  const { value: incident } = useQuery(
    'incident.show',
    worst === undefined ? null : { incident: worst },
    worst === undefined ? [] : [`incident:${worst}`],
  );
  const differs = incident !== undefined && zoneName(now, incident.zone) !== zoneName(now, zone);
  return (
    <>
      <span className={styles.item}>
        <Clock zone={zone} label="HQ" />
      </span>
      {differs && (
        <span className={styles.item} title={`Where ${incident.label} was declared`}>
          <Clock zone={incident.zone} label={incident.label} />
        </span>
      )}
    </>
  );
}
