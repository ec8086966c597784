/**
 * What is given up on purpose so that the rest holds: what is on and how far its end is, what the signals call for, and on request
 * all that was agreed. Invariant: a proposal shows what it rests on with its age, and nothing starts before a person says so.
 */
import { CircleDashed, CircleHelp, CirclePause, Hand } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ActivationView, HoldView, ModeView } from '../../../shared/contract/degraded.ts';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { useCommands } from '../../app/commands.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { ReasonDialog, type Reasoned } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Degraded.module.css';

/** Age after which what was measured is drawn as stale, ms. */
const STALE = 5 * 60_000;

type Row = { key: string; on: ActivationView; mode: null } | { key: string; on: null; mode: ModeView };

const ICONS: Record<ModeView['state'], LucideIcon> = {
  proposed: Hand,
  dismissed: CircleDashed,
  unknown: CircleHelp,
  quiet: CircleDashed,
};

const STATES: Record<ModeView['state'], string> = {
  proposed: 'proposed',
  dismissed: 'turned down',
  unknown: 'cannot be told',
  quiet: 'not called for',
};

export function Degraded({ incident }: { incident: IncidentView }) {
  const { value, error } = useQuery('degraded.list', { incident: incident.id }, [
    ...(['degraded', 'health', 'stores', 'incidents', 'policies', 'estate'] as const),
  ]);
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<Reasoned | null>(null);
  const [failed, setFailed] = useState<{ at: string; message: string } | null>(null);
  const live = !isOver(incident.status);
  const { open } = useRoom();
  useCommands(
    useMemo(
      () =>
        live
          ? [{ id: 'room.degraded', title: 'Show every degraded mode', hint: incident.label, run: () => setAll(true) }]
          : [],
      [incident.label, live],
    ),
  );
  if (value === undefined) return error === null ? null : <ErrorLine error={error} />;
  const { active, modes, ended } = value;
  if (!live && active.length === 0 && ended.length === 0) return null;
  const offered = live ? modes.filter(({ state }) => all || state === 'proposed') : [];
  const rows: Row[] = [
    ...active.map((on): Row => ({ key: on.id, on, mode: null })),
    ...offered.map((mode): Row => ({ key: mode.id, on: null, mode })),
  ];
  const run = async (at: string, work: () => Promise<Reply>): Promise<void> => {
    setFailed(null);
    const reply = await work();
    if (!reply.ok) setFailed({ at, message: reply.message });
  };
  const of = (mode: string) => ({ incident: incident.id, mode });
  const end = (on: ActivationView): void => {
    if (on.mayEnd === 'met') void run(on.id, () => call('degraded.end', of(on.id)));
    else
      setAsked({
        title: 'End it before its exit criteria are met: why?',
        quote: `${on.title}. It may end when ${on.exitText}.`,
        confirm: 'End it all the same',
        run: (reason) => call('degraded.end', { ...of(on.id), reason }),
      });
  };
  const start = (mode: ModeView): void => {
    if (mode.state === 'proposed') void run(mode.id, () => call('degraded.start', of(mode.id)));
    else
      setAsked({
        title: 'No signal calls for it: why is it started?',
        quote: `${mode.title}: ${mode.effect}`,
        confirm: 'Start it',
        run: (reason) => call('degraded.start', { ...of(mode.id), reason }),
      });
  };
  const dismiss = (mode: ModeView): void =>
    setAsked({
      title: 'Not now: why?',
      quote: mode.title,
      confirm: 'Turn it down',
      run: (reason) => call('degraded.dismiss', { ...of(mode.id), reason }),
    });
  const whose = { ask: 'degraded-owner' } as const;
  const act = (key: string, { on, mode }: Row): boolean => {
    if (key === 'Enter' && on) end(on);
    else if (key === 'Enter' && mode) start(mode);
    else if (key === 'x' && mode?.state === 'proposed') dismiss(mode);
    else if (key === 'o' && on)
      open({ ...whose, mode: on.id, title: on.title, owner: on.owner?.id ?? null, start: false });
    else if (key === 'o' && mode?.state === 'proposed')
      open({ ...whose, mode: mode.id, title: mode.title, owner: null, start: true });
    else return false;
    return true;
  };
  return (
    <Part
      label="Degraded modes"
      aside={
        live &&
        modes.length > 0 && (
          <Button variant="quiet" onClick={() => setAll(!all)}>
            {all ? 'Only what matters' : 'Show all'}
          </Button>
        )
      }
    >
      {rows.length === 0 && <p className={styles.none}>Nothing is degraded on purpose, and no signal calls for it.</p>}
      <List
        label="Degraded modes"
        items={rows}
        keyOf={({ key }) => key}
        glow
        className={styles.items}
        rowClassName={styles.row}
        onKey={act}
        render={(row, focused) => (
          <>
            {row.on ? <Active on={row.on} whole={focused} /> : <Offered mode={row.mode} whole={focused} />}
            {(focused || row.on?.mayEnd === 'met' || row.mode?.state === 'proposed') && (
              <div className={styles.actions}>
                <Button
                  tabIndex={-1}
                  variant={row.on && row.on.mayEnd !== 'met' ? 'quiet' : 'plain'}
                  keys="Enter"
                  onClick={() => act('Enter', row)}
                >
                  {row.on ? 'End it' : row.mode.state === 'proposed' ? 'Start it' : 'Start it by hand'}
                </Button>
                {(row.on || row.mode.state === 'proposed') && (
                  <Button tabIndex={-1} variant="quiet" keys="o" onClick={() => act('o', row)}>
                    {row.on ? 'Owner' : 'Start, another owner'}
                  </Button>
                )}
                {row.mode?.state === 'proposed' && (
                  <Button tabIndex={-1} variant="quiet" keys="x" onClick={() => act('x', row)}>
                    Not now
                  </Button>
                )}
              </div>
            )}
            {failed?.at === row.key && <ErrorLine error={failed.message} />}
          </>
        )}
      />
      {ended.length > 0 && (
        <p className={styles.none}>Ended: {[...new Set(ended.map(({ title }) => title))].join(', ')}.</p>
      )}
      {asked && <ReasonDialog {...asked} onClose={() => setAsked(null)} />}
    </Part>
  );
}

function Active({ on, whole }: { on: ActivationView; whole: boolean }) {
  const { zone } = useRoom();
  const met = on.exit.filter(({ state }) => state === 'met').length;
  return (
    <div className={styles.item} data-state={on.mayEnd === 'met' ? 'ending' : 'on'}>
      <span className={styles.icon}>
        <CirclePause size={16} aria-hidden="true" />
      </span>
      <div>
        <p className={styles.name}>
          <strong>{on.title}</strong>
          <span className={styles.state}>
            on since <TimeText at={on.startedAt} zone={zone} />
          </span>
        </p>
        <p className={styles.quiet}>
          {on.owner?.name ?? 'nobody owns it'} ·{' '}
          {on.mayEnd === 'met' ? (
            <strong className={styles.end}>exit criteria met: end it?</strong>
          ) : on.exit.length === 0 ? (
            `may end when ${on.exitText}`
          ) : (
            `${met} of ${on.exit.length} exit criteria met${on.mayEnd === 'unknown' ? ', the rest cannot be told' : ''}`
          )}
        </p>
        {whole && (
          <>
            <p className={styles.quiet}>{on.effect}</p>
            {on.figures !== '' && <p className={styles.quiet}>By estimate it {on.figures}.</p>}
            <p className={styles.quiet}>
              {on.startedBy.name}: {on.reason}
            </p>
            <Conditions list={on.exit} label="It may end when" />
          </>
        )}
      </div>
    </div>
  );
}

function Offered({ mode, whole }: { mode: ModeView; whole: boolean }) {
  const Icon = ICONS[mode.state];
  return (
    <div className={styles.item} data-state={mode.state}>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div>
        <p className={styles.name}>
          <strong>{mode.title}</strong>
          <span className={styles.state}>{STATES[mode.state]}</span>
        </p>
        {(whole || mode.state === 'proposed') && (
          <>
            <p className={styles.quiet}>{mode.effect}</p>
            {mode.figures !== '' && <p className={styles.quiet}>By estimate it {mode.figures}.</p>}
          </>
        )}
        <Conditions list={mode.when.filter(({ state }) => whole || state === 'met')} label="Called for when" />
        {whole && (
          <>
            {mode.state !== 'proposed' && <p className={styles.quiet}>{mode.message}</p>}
            <p className={styles.quiet}>It may end when {mode.exitText}.</p>
            <p className={styles.quiet}>
              Owner: {mode.role}
              {mode.owner === null ? ', whom nobody is; the commander’s when there is one' : `, ${mode.owner.name}`}
            </p>
          </>
        )}
      </div>
    </div>
  );
}

const MARKS: Record<HoldView['state'], string> = { met: '✓', holding: '…', 'not-met': '–', unknown: '?' };
const READ: Record<HoldView['state'], string> = {
  met: 'met',
  holding: 'not long enough',
  'not-met': 'not met',
  unknown: 'unknown',
};

function Conditions({ list, label }: { list: readonly HoldView[]; label: string }) {
  const { zone } = useRoom();
  if (list.length === 0) return null;
  return (
    <ul className={styles.conditions} aria-label={label}>
      {list.map((one) => (
        <li key={one.text} className={styles.condition} data-state={one.state}>
          <span aria-hidden="true">{MARKS[one.state]}</span>
          <span>
            <span className="visually-hidden">{READ[one.state]}: </span>
            {one.text}
            <span className={styles.quiet}>
              {' '}
              – {one.now}
              {one.since !== null && (
                <>
                  , since <TimeText at={one.since} zone={zone} />
                </>
              )}
              {one.observedAt !== null && (
                <>
                  {' '}
                  · <Age at={one.observedAt} limit={STALE} />
                </>
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
