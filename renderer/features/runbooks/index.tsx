/** The runbooks on this console, each readable before it is needed. A run is started in an incident's room. */
import { lazy, Suspense } from 'react';
import type { RunbookLite, RunbookView } from '../../../shared/contract/incident.ts';
import { withoutBranches } from '../../../shared/domain/runbook/blocks.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import styles from './Runbooks.module.css';
import { placeOf, UsedIn, WaysThrough } from './Ways.tsx';

const Markdown = lazy(() => import('../../ui/Markdown.tsx'));

export default function Runbooks() {
  const { value: runbooks, error, retry } = useQuery('runbook.list', {}, ['runbooks']);
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const back = useNavigation((state) => state.back);
  const selected = params['runbook'];
  const { value: shown, error: showError } = useQuery(
    'runbook.show',
    selected === undefined ? null : { runbook: selected },
    ['runbooks'],
  );
  useReady('runbooks', runbooks !== undefined);
  useKeys('Runbooks', [{ keys: 'Escape', title: 'Back', run: () => (selected === undefined ? back() : replace({})) }]);
  useCommands(
    (runbooks ?? []).map(({ id, title }) => ({
      id: `runbook.${id}`,
      title: `Read ${title}`,
      run: () => replace({ runbook: id }),
    })),
  );

  if (runbooks === undefined) {
    return error === null ? (
      <Skeleton rows={6} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <SplitPane
      id="runbooks"
      label="the runbook"
      initial={640}
      max={960}
      first={
        <List
          label="Runbooks"
          main
          items={runbooks}
          keyOf={({ id }) => id}
          selected={selected ?? null}
          onOpen={({ id }) => replace({ runbook: id })}
          render={(runbook) => <Row runbook={runbook} />}
          empty={
            <EmptyState
              size="page"
              title="No runbook is on this console."
              text="A runbook is a Markdown file with steps. Put it into the folder runbooks of the data folder; it shows here as soon as it is there."
            />
          }
        />
      }
      second={
        selected === undefined ? undefined : showError !== null ? (
          <div className={styles.failed}>
            <ErrorLine error={showError} />
          </div>
        ) : shown === undefined ? (
          <Skeleton rows={8} />
        ) : (
          <Reading runbook={shown} />
        )
      }
    />
  );
}

const minutes = (value: number | null): string | null => (value === null ? null : `${value} min`);

/** Where it comes from, and whether another one has to stand back for it. */
function sourceWords({ from, overrides }: RunbookLite): string {
  const where = from === 'program' ? 'comes with Holdfast' : from === 'own' ? 'the team’s own' : `from ${from}`;
  return overrides === null ? where : `${where}, instead of another with this id`;
}

function Row({ runbook }: { runbook: RunbookLite }) {
  return (
    <div className={styles.row}>
      <span className={styles.title}>{runbook.title}</span>
      <span className={styles.quiet}>
        {[`${runbook.steps} ${runbook.steps === 1 ? 'step' : 'steps'}`, minutes(runbook.minutes)]
          .filter(Boolean)
          .join(' · ')}
      </span>
      <span className={styles.summary}>{runbook.summary}</span>
      {(runbook.from !== 'program' || runbook.problems.length > 0) && (
        <span className={styles.notes}>
          {runbook.from !== 'program' && <span className={styles.quiet}>{sourceWords(runbook)}</span>}
          {runbook.problems.length > 0 && (
            <span className={styles.problems}>
              {runbook.problems.length === 1 ? '1 problem' : `${runbook.problems.length} problems`} in the file
            </span>
          )}
        </span>
      )}
    </div>
  );
}

function Reading({ runbook }: { runbook: RunbookView }) {
  const { value: open } = useQuery('incident.list', { all: false }, ['incidents']);
  const start = useCommand('incident.run');
  const go = useNavigation((state) => state.go);
  const run = async (incident: string): Promise<void> => {
    const reply = await start.run({ incident, runbook: runbook.id });
    if (reply.ok) go('incident', { incident });
  };
  return (
    <article className={styles.reading}>
      <h2 className={styles.heading}>{runbook.title}</h2>
      <p className={styles.quiet}>
        {[
          `version ${runbook.version || 'not given'}`,
          runbook.owner,
          minutes(runbook.minutes),
          runbook.file,
          sourceWords(runbook),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {runbook.overrides !== null && <p className={styles.quiet}>It stands instead of {runbook.overrides}.</p>}
      <p>{runbook.summary}</p>
      <div className={styles.starts}>
        {(open ?? []).map(({ id, label, title }) => (
          <Button key={id} busy={start.busy} onClick={() => void run(id)} title={title}>
            Start on {label}
          </Button>
        ))}
        {open?.length === 0 && <span className={styles.quiet}>It is started in an incident; none is open.</span>}
      </div>
      <ErrorLine error={start.error} />
      {runbook.problems.length > 0 && (
        <ul className={styles.problems} aria-label="Problems in the file">
          {runbook.problems.map((problem) => (
            <li key={`${problem.line} ${problem.field} ${problem.message}`}>
              {problem.severity === 'warning' && 'Warning: '}
              {problem.file}
              {problem.line > 0 && `:${problem.line}`} {problem.field}: {problem.message}
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={<Skeleton rows={8} />}>
        {runbook.body.trim() !== '' && <Markdown text={runbook.body} />}
        <ol className={styles.steps}>
          {runbook.stepList.map((step, index) => (
            <li key={step.id} className={styles.step}>
              <h3 className={styles.stepTitle}>
                <span className={styles.quiet}>{index + 1}</span>
                {step.title}
              </h3>
              <p className={styles.quiet}>
                {[
                  step.type,
                  step.role,
                  minutes(step.minutes),
                  step.reversible === null ? null : step.reversible ? 'can be undone' : 'cannot be undone',
                  step.risk ? `risk: ${step.risk.replaceAll('-', ' ')}` : null,
                  step.reach === undefined ? null : `stops above ${step.reach} services reached`,
                  step.audience ? `for ${step.audience.replaceAll('-', ' ')}` : null,
                  step.until ? `until ${step.until}` : null,
                  step.evidence ? `attach ${step.evidence.join(', ')}` : null,
                  step.next === undefined ? null : `then ${placeOf(runbook, step.next)}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {step.branches && (
                <ul className={styles.branches} aria-label="Branches">
                  {step.branches.map(({ label, to }) => (
                    <li key={to}>
                      {label.replace(/[*_`]/g, '')} <span className={styles.quiet}>→ {placeOf(runbook, to)}</span>
                    </li>
                  ))}
                </ul>
              )}
              <StepText runbook={runbook} step={step} />
            </li>
          ))}
        </ol>
      </Suspense>
      <WaysThrough runbook={runbook} />
      <UsedIn uses={runbook.usedIn} />
    </article>
  );
}

/** The text of a step; its branches stand above it. */
function StepText({ runbook, step }: { runbook: RunbookView; step: RunbookView['stepList'][number] }) {
  const text = step.branches ? withoutBranches(step.body) : step.body;
  return text.trim() === '' ? null : <Markdown text={text} titleOf={(place) => placeOf(runbook, place)} />;
}
