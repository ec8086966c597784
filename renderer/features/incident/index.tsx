/**
 * The incident room: what is next and who has it, what happened, what is done by the book. Invariant: every change of the
 * incident can be made with a few keys from anywhere in the room, and shows where it lands.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ENTRY_KIND_TITLES, ENTRY_KINDS, type EntryKind } from '../../../shared/domain/timeline.ts';
import { isOver, STATUSES } from '../../../shared/domain/orders.ts';
import type { Role, Status } from '../../../shared/domain/words.ts';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openExport } from '../../state/dialogs.ts';
import { useDrops } from '../../state/drops.ts';
import { useKeys } from '../../state/keys.ts';
import { lensOf, nextLens, ownRole } from '../people/lens.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { Proposed } from '../proposal/Proposed.tsx';
import { Column, focusColumn } from './Column.tsx';
import { Composer, type ComposerHandle } from './Composer.tsx';
import { Conflicts } from './Conflicts.tsx';
import { Header } from './Header.tsx';
import styles from './index.module.css';
import { Next } from './Next.tsx';
import { Plan } from './Plan.tsx';
import { Questions } from './Questions.tsx';
import { RoomContext, useRoomFacts, type Question, type Room } from './room.ts';
import { Timeline } from './Timeline.tsx';
import { useTimeline } from './useTimeline.ts';

export default function IncidentScreen() {
  const wanted = useNavigation(({ params }) => params['incident'] ?? '');
  const go = useNavigation((state) => state.go);
  const { value, error } = useQuery('incident.show', wanted === '' ? null : { incident: wanted }, [
    'incidents',
    'health',
    'estate',
    'runbooks',
  ]);
  useReady('incident', value !== undefined);
  if (value === undefined) {
    if (wanted === '' || error?.code === 'not_found') {
      return (
        <EmptyState
          size="page"
          title="There is no such incident."
          text={error?.message}
          action={<Button onClick={() => go('incidents')}>Show all incidents</Button>}
        />
      );
    }
    return error === null ? <RoomSkeleton /> : <ErrorLine error={error} />;
  }
  return <IncidentRoom key={value.id} incident={value} error={error?.message ?? null} />;
}

function IncidentRoom({ incident, error }: { incident: IncidentView; error: string | null }) {
  const facts = useRoomFacts(incident);
  const composer = useRef<ComposerHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [kinds, setKinds] = useState<readonly EntryKind[]>([]);
  const [chosen, setChosen] = useState<Role | null | undefined>(undefined);
  const [checklist, setChecklist] = useState(false);
  const own = ownRole(incident.roles, facts.facts.me?.id ?? null);
  const lens = chosen === undefined ? own : chosen;
  const see = useCallback((role: Role | null): void => {
    setChosen(role);
    setKinds(lensOf(role).kinds);
  }, []);
  // Somebody sees the room as their role does until they choose otherwise; a look for one entry hides nothing.
  const found = useNavigation(({ params }) => params['entry'] !== undefined);
  useEffect(() => {
    if (chosen === undefined && !found) setKinds(lensOf(own).kinds);
  }, [chosen, own, found]);
  const { pages, timeline } = useTimeline(incident.id, kinds);
  const write = useCallback((begin?: string) => composer.current?.write(begin), []);
  const sought = useNavigation(({ params }) => params['entry'] ?? null);
  useEffect(() => {
    if (sought !== null && kinds.length === 0) pages.seek(sought);
  }, [pages, sought, kinds]);
  const toComposer = useNavigation(({ params }) => params['focus'] === 'composer');
  useEffect(() => {
    if (toComposer) write();
  }, [toComposer, write]);
  const close = useCallback(() => setQuestion(null), []);
  const room = useMemo((): Room => ({ ...facts, incident, open: setQuestion, write }), [facts, incident, write]);

  const toState = async (status: Status): Promise<void> => {
    const unfinished =
      status === 'resolved' &&
      (incident.openAsks > 0 ||
        incident.conflicts > 0 ||
        incident.runs.some(({ steps }) => steps.some(({ state }) => state === 'open' || state === 'doing')));
    if (unfinished || STATUSES.indexOf(status) < STATUSES.indexOf(incident.status)) {
      setQuestion({ ask: 'state', status });
      return;
    }
    setFailed(null);
    const reply = await call('incident.state', { incident: incident.id, status });
    if (!reply.ok) setFailed(reply.message);
  };
  const step = (by: 1 | -1): void => {
    const status = STATUSES[STATUSES.indexOf(incident.status) + by];
    if (status !== undefined) void toState(status);
  };

  const { id, label, zone: declaredIn } = incident;
  const exportIt = useCallback(
    (): void => openExport({ incident: id, label, zone: declaredIn }),
    [id, label, declaredIn],
  );
  const wantsExport = useNavigation(({ params }) => params['do'] === 'export');
  useEffect(() => {
    if (wantsExport) exportIt();
  }, [wantsExport, exportIt]);
  const { foreign } = incident;
  useEffect(() => {
    if (foreign) return undefined;
    useDrops.setState({
      taker: {
        lead: `Drop files to attach them to ${label}`,
        take: (files, refused) => setQuestion({ ask: 'attach', files, refused }),
      },
    });
    return () => useDrops.setState({ taker: null });
  }, [foreign, label]);
  const settleFirst = (): void =>
    box.current?.querySelector<HTMLElement>('[aria-label="What is contested"] > [role=row][tabindex="0"]')?.focus();
  useKeys('Incident room', [
    { keys: '/', title: 'Give a command', run: () => write('/') },
    { keys: 'w', title: 'Write a note', run: () => write() },
    { keys: 'a', title: 'Ask somebody', run: () => write('/ask @') },
    { keys: 'd', title: 'Record a decision', run: () => write('/decide ') },
    { keys: 'r', title: 'Assign a role', run: () => setQuestion({ ask: 'role', role: null }) },
    {
      keys: 'mod+shift+a',
      title: 'Assign a role, also while writing',
      run: () => setQuestion({ ask: 'role', role: null }),
    },
    { keys: 'h', title: 'Hand over command', run: () => setQuestion({ ask: 'handover', role: 'commander', to: null }) },
    { keys: 'l', title: 'See the room as the next role does', run: () => see(nextLens(lens)) },
    { keys: 't', title: 'Open the checklist', run: () => setChecklist(!checklist) },
    { keys: 'v', title: 'Change the severity', run: () => setQuestion({ ask: 'severity', severity: null }) },
    { keys: '.', title: 'On to the next state', run: () => step(1) },
    { keys: ',', title: 'Back to the state before', run: () => step(-1) },
    { keys: '1', title: 'Go to what is next', run: () => focusColumn(box.current, '1') },
    { keys: '2', title: 'Go to the timeline', run: () => focusColumn(box.current, '2') },
    { keys: '3', title: 'Go to the plan', run: () => focusColumn(box.current, '3') },
    { keys: 'u', title: 'Write an update', run: () => setQuestion({ ask: 'update', audience: null }) },
    { keys: 'b', title: 'Whom to call, and sheets to print', run: () => setQuestion({ ask: 'calls' }) },
    { keys: 'q', title: 'Who can say yes to what', run: () => setQuestion({ ask: 'authority' }) },
    { keys: 'i', title: 'Files that are attached', run: () => setQuestion({ ask: 'evidence' }) },
    { keys: 'x', title: 'Export this incident', run: exportIt },
    ...(incident.conflicts > 0 ? [{ keys: 'c', title: 'Settle a conflict', run: settleFirst }] : []),
  ]);
  useCommands([
    {
      id: 'room.ask',
      title: 'Ask somebody to do something',
      hint: incident.label,
      keys: 'a',
      run: () => write('/ask @'),
    },
    { id: 'room.decide', title: 'Record a decision', hint: incident.label, keys: 'd', run: () => write('/decide ') },
    { id: 'room.note', title: 'Write a note', hint: incident.label, keys: 'w', run: () => write() },
    {
      id: 'room.role',
      title: 'Assign a role',
      hint: incident.label,
      keys: 'r',
      run: () => setQuestion({ ask: 'role', role: null }),
    },
    {
      id: 'room.handover',
      title: 'Hand over command',
      hint: incident.label,
      keys: 'h',
      run: () => setQuestion({ ask: 'handover', role: 'commander', to: null }),
    },
    {
      id: 'room.shift',
      title: 'Hand over at the end of a shift',
      hint: 'all roles and asks of somebody',
      run: () => setQuestion({ ask: 'shift' }),
    },
    { id: 'room.propose', title: 'Ask for strong objections', hint: incident.label, run: () => write('/propose @') },
    { id: 'room.team', title: 'Form a team with a lead', hint: incident.label, run: () => write('/team ') },
    { id: 'room.undo', title: 'Take back what you did last', hint: incident.label, run: () => write('/undo') },
    {
      id: 'room.severity',
      title: 'Change the severity',
      hint: incident.label,
      keys: 'v',
      run: () => setQuestion({ ask: 'severity', severity: null }),
    },
    {
      id: 'room.response',
      title: 'Severity and response: why, and change them',
      hint: incident.label,
      keys: 'm',
      run: () => setQuestion({ ask: 'response' }),
    },
    { id: 'room.export', title: 'Export this incident', hint: incident.label, keys: 'x', run: exportIt },
    {
      id: 'room.update',
      title: 'Write an update',
      hint: incident.label,
      keys: 'u',
      run: () => setQuestion({ ask: 'update', audience: null }),
    },
    {
      id: 'room.calls',
      title: 'Whom to call; print numbers or handover',
      hint: incident.label,
      keys: 'b',
      run: () => setQuestion({ ask: 'calls' }),
    },
    {
      id: 'room.authority',
      title: 'Who can authorise rollback, failover, data, an exception?',
      hint: incident.label,
      keys: 'q',
      run: () => setQuestion({ ask: 'authority' }),
    },
    {
      id: 'room.evidence',
      title: 'Files that are attached (evidence)',
      hint: incident.label,
      keys: 'i',
      run: () => setQuestion({ ask: 'evidence' }),
    },
    {
      id: 'room.exception',
      title: 'Make an exception from a policy',
      hint: incident.label,
      run: () => setQuestion({ ask: 'exception' }),
    },
    { id: 'room.title', title: 'Change the title', hint: incident.label, run: () => write(`/title ${incident.title}`) },
    { id: 'room.started', title: 'Correct when it began', hint: incident.label, run: () => write('/started ') },
    { id: 'room.affect', title: 'Add what is affected', hint: incident.label, run: () => write('/affect ') },
    { id: 'room.run', title: 'Start a runbook', hint: incident.label, run: () => write('/run ') },
    ...STATUSES.filter((status) => status !== incident.status).map((status) => ({
      id: `room.state.${status}`,
      title: `Set the state to ${status}`,
      hint: incident.label,
      run: () => void toState(status),
    })),
  ]);

  return (
    <RoomContext value={room}>
      <div ref={box} className={styles.room}>
        <div>
          <Header onState={(status) => void toState(status)} onExport={exportIt} />
          <Conflicts />
          {!isOver(incident.status) && <Proposed />}
          <ErrorLine error={failed} />
          {error !== null && <ErrorLine error={`This is what was last read; reading it again failed: ${error}`} />}
        </div>
        <div className={styles.columns}>
          <Next lens={lens} onLens={see} checklist={checklist} onChecklist={setChecklist} />
          <Column
            title="Timeline"
            jump="2"
            className={styles.middle}
            note={
              kinds.length === 0 && timeline.opened
                ? `${timeline.total.toLocaleString('en')} ${timeline.total === 1 ? 'entry' : 'entries'}`
                : undefined
            }
            actions={
              kinds.length > 0 ? (
                <Button variant="quiet" onClick={() => setKinds([])}>
                  Show all kinds
                </Button>
              ) : undefined
            }
            above={
              <>
                <Composer ref={composer} />
                <Kinds chosen={kinds} onChange={setKinds} />
              </>
            }
          >
            <Timeline
              key={kinds.join(' ')}
              sought={sought}
              pages={pages}
              timeline={timeline}
              filtered={kinds.length > 0}
            />
          </Column>
          <Plan />
        </div>
      </div>
      <Questions question={question} close={close} />
    </RoomContext>
  );
}

function Kinds({ chosen, onChange }: { chosen: readonly EntryKind[]; onChange(kinds: readonly EntryKind[]): void }) {
  return (
    <div className={styles.kinds} role="group" aria-label="Show only">
      {ENTRY_KINDS.map((kind) => {
        const on = chosen.includes(kind);
        return (
          <button
            key={kind}
            type="button"
            className={styles.kind}
            aria-pressed={on}
            onClick={() => onChange(on ? chosen.filter((one) => one !== kind) : [...chosen, kind])}
          >
            {ENTRY_KIND_TITLES[kind]}
          </button>
        );
      })}
    </div>
  );
}

function RoomSkeleton() {
  return (
    <Skeleton>
      <Bar width={60} height={28} />
      <Bar width={40} />
      <div className={styles.skeleton}>
        {[0, 1, 2].map((column) => (
          <div key={column} className={styles.skeletonColumn}>
            {[70, 90, 50, 80, 60].map((width, index) => (
              <Bar key={index} width={width} />
            ))}
          </div>
        ))}
      </div>
    </Skeleton>
  );
}
