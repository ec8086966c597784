/**
 * In which order what is unhealthy comes back. Invariant: nothing is worked by until somebody adopts the plan, and what the
 * facts change is shown beside it until somebody takes or leaves it; whatever is verified says by what.
 */
import { useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { RestorationDifference, RestorationView } from '../../../shared/contract/restoration.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Part } from '../../ui/Part.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import { isFinished, Items } from './Items.tsx';
import styles from './Restoration.module.css';

/** Items that the room's column shows before it leads to all of them. */
const SHOWN = 4;

export function Restoration({ incident }: { incident: IncidentView }) {
  const { value, error } = useQuery('incident.restoration', { incident: incident.id }, [
    'incidents',
    'health',
    'estate',
  ]);
  const [open, setOpen] = useState(false);
  const wanted = value !== undefined && value.items.length > 0 && (!isOver(incident.status) || value.adopted !== null);
  useKeys(
    'Incident room',
    wanted ? [{ keys: 'p', title: 'Show the restoration plan in full', run: () => setOpen(true) }] : [],
  );
  if (value === undefined) return error === null ? null : <ErrorLine error={error} />;
  if (!wanted) return null;
  const left = value.items.filter((item) => !isFinished(item));
  return (
    <Part
      label="Restoration"
      aside={
        <>
          {value.adopted !== null && (
            <span className={styles.progress}>
              {value.done}/{value.total}
            </span>
          )}
          <Button variant="quiet" keys="p" onClick={() => setOpen(true)}>
            In full
          </Button>
        </>
      }
      className={styles.part}
    >
      <p className={styles.line}>{value.line === '' ? 'Everything is back.' : value.line}</p>
      <Standing view={value} incident={incident.id} />
      <Items incident={incident.id} items={left.slice(0, SHOWN)} adopted={value.adopted !== null} label="Restoration" />
      {left.length > SHOWN && (
        <p className={styles.quiet}>
          and {left.length - SHOWN + value.more} more; <kbd>p</kbd> shows all
        </p>
      )}
      <Dialog
        initialFocus={FIRST}
        open={open}
        size="full"
        title={`Restoration plan of ${value.incident.label}`}
        onClose={() => setOpen(false)}
      >
        <Standing view={value} incident={incident.id} />
        <Lanes view={value} incident={incident.id} />
      </Dialog>
    </Part>
  );
}

/** The plan in full, for whoever wants to change it before taking it. */
export function RestorationPlan({ close }: { close(): void }) {
  const { incident } = useRoom();
  const { value, error } = useQuery('incident.restoration', { incident: incident.id }, [
    'incidents',
    'health',
    'estate',
  ]);
  return (
    <Dialog initialFocus={FIRST} open size="full" title={`Restoration plan of ${incident.label}`} onClose={close}>
      <ErrorLine error={error} />
      {value !== undefined && (
        <>
          <Standing view={value} incident={incident.id} />
          <Lanes view={value} incident={incident.id} />
        </>
      )}
    </Dialog>
  );
}

/** Whether it is adopted, and what the facts changed since. */
function Standing({ view, incident }: { view: RestorationView; incident: string }) {
  const { zone } = useRoom();
  const { adopted, difference, conflict } = view;
  return (
    <>
      {adopted === null ? (
        <Adopt view={view} incident={incident} />
      ) : (
        <p className={styles.quiet}>
          adopted <TimeText at={adopted.at} zone={zone} /> by {adopted.by.name}
        </p>
      )}
      {conflict !== null && <TwoPlans conflict={conflict} incident={incident} />}
      {difference !== null && !difference.left && <Difference difference={difference} incident={incident} />}
    </>
  );
}

function useAct(): {
  busy: string | null;
  error: string | null;
  act(id: string, run: () => ReturnType<typeof call>): Promise<void>;
} {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  return {
    busy,
    error,
    async act(id, run) {
      setBusy(id);
      setError(null);
      const reply = await run();
      setBusy(null);
      if (!reply.ok) setError(reply.message);
    },
  };
}

function Adopt({ view, incident }: { view: RestorationView; incident: string }) {
  const { busy, error, act } = useAct();
  return (
    <div className={styles.box}>
      <p className={styles.quiet}>
        Proposed from what is measured: {view.unhealthy} of the {view.looked} services in reach need restoring.
      </p>
      <Button busy={busy !== null} onClick={() => void act('adopt', () => call('restoration.adopt', { incident }))}>
        Adopt this plan
      </Button>
      <ErrorLine error={error} />
    </div>
  );
}

const MARKS = { added: '+', removed: '−', moved: '↕' } as const;
const READ = { added: 'added', removed: 'removed', moved: 'moved' } as const;

function Difference({ difference, incident }: { difference: RestorationDifference; incident: string }) {
  const { busy, error, act } = useAct();
  const lines = (['added', 'removed', 'moved'] as const).flatMap((what) =>
    difference[what].map((one) => ({ what, ...one })),
  );
  return (
    <div className={styles.box} role="group" aria-label="What changed">
      <p>
        <strong>The facts changed</strong>
      </p>
      <ul>
        {lines.slice(0, 8).map(({ what, id, name, why }) => (
          <li key={`${what} ${id}`} className={styles.change}>
            <span aria-hidden="true">{MARKS[what]}</span>
            <span>
              <span className="visually-hidden">{READ[what]}: </span>
              {name} <span className={styles.quiet}>{why}</span>
            </span>
          </li>
        ))}
      </ul>
      {lines.length > 8 && <p className={styles.quiet}>and {lines.length - 8} more changes</p>}
      <div className={styles.buttons}>
        <Button busy={busy === 'take'} onClick={() => void act('take', () => call('restoration.adopt', { incident }))}>
          Take into the plan
        </Button>
        <Button
          variant="quiet"
          busy={busy === 'leave'}
          onClick={() =>
            void act('leave', () =>
              call('suggestion.settle', {
                incident,
                kind: 'restoration',
                key: 'difference',
                facts: difference.hash,
                verdict: 'dismissed',
                title:
                  `change the restoration plan: ${lines.map(({ what, name }) => `${MARKS[what]} ${name}`).join(', ')}`.slice(
                    0,
                    500,
                  ),
              }),
            )
          }
        >
          Leave the plan as it is
        </Button>
      </div>
      <ErrorLine error={error} />
    </div>
  );
}

function TwoPlans({ conflict, incident }: { conflict: NonNullable<RestorationView['conflict']>; incident: string }) {
  const { zone } = useRoom();
  const { busy, error, act } = useAct();
  return (
    <div className={styles.box} role="group" aria-label="Two plans">
      <p>
        <strong>Two plans were adopted apart</strong>{' '}
        <span className={styles.quiet}>the first counts until one is kept</span>
      </p>
      {conflict.heads.map(({ op, value, by, at }) => (
        <p key={op} className={styles.buttons}>
          <Button
            busy={busy === op}
            onClick={() => void act(op, () => call('restoration.adopt', { incident, keep: value ?? '' }))}
          >
            Keep {by}’s
          </Button>
          <span className={styles.quiet}>
            <TimeText at={at} zone={zone} />
          </span>
        </p>
      ))}
      <ErrorLine error={error} />
    </div>
  );
}

/** Strands that share nothing one below the other, each from its first stage on the left to its last. */
function Lanes({ view, incident }: { view: RestorationView; incident: string }) {
  const box = useRef<HTMLDivElement>(null);
  const lanes = [...Map.groupBy(view.items, ({ lane }) => lane)].sort((a, b) => a[0] - b[0]);
  const alone = lanes.filter(([, items]) => items.length === 1).flatMap(([, items]) => items);
  const strands = lanes.filter(([, items]) => items.length > 1);
  const adopted = view.adopted !== null;
  return (
    <div
      ref={box}
      className={styles.lanes}
      onKeyDown={(event) => {
        const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (by === 0) return;
        const grids = [...(box.current?.querySelectorAll<HTMLElement>('[role=grid]') ?? [])];
        const at = grids.findIndex((grid) => grid.contains(event.target as Node));
        grids[at + by]?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus();
      }}
    >
      {strands.map(([lane, items]) => (
        <section key={lane} className={styles.lane} aria-label={`Lane ${lane}`}>
          <h3 className={styles.laneTitle}>
            Lane {lane} <span className={styles.quiet}>{items.length} items, from left to right</span>
          </h3>
          <div className={styles.stages}>
            {[...Map.groupBy(items, ({ stage }) => stage)]
              .sort((a, b) => a[0] - b[0])
              .map(([stage, members], index) => (
                <div key={stage} className={styles.column}>
                  <p className={styles.stage}>
                    {index > 0 && <span aria-hidden="true">→ </span>}stage {index + 1}
                  </p>
                  <Items
                    incident={incident}
                    items={members}
                    adopted={adopted}
                    label={`Lane ${lane}, stage ${index + 1}`}
                  />
                </div>
              ))}
          </div>
        </section>
      ))}
      {alone.length > 0 && (
        <section className={styles.lane} aria-label="By themselves">
          <h3 className={styles.laneTitle}>
            By themselves <span className={styles.quiet}>at any time, the most pressing first</span>
          </h3>
          <Items incident={incident} items={alone} adopted={adopted} label="By themselves" />
        </section>
      )}
      {view.more > 0 && <p className={styles.quiet}>and {view.more} more, which come up as these are done</p>}
    </div>
  );
}

/** The first item: where the keyboard begins. */
const FIRST: RefObject<HTMLElement | null> = {
  get current() {
    return document.querySelector<HTMLElement>('[role=dialog] [role=row][tabindex="0"]');
  },
};
