/** The answers of a decision. Inside them 1 to 9 choose; the row's Enter leads here, so that no number decides by accident. */
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Runs.module.css';

export function Branches({ run, step, onChoose }: { run: RunView; step: StepView; onChoose(branch: string): void }) {
  const branches = step.branches ?? [];
  const titleOf = (id: string) => run.steps.findIndex((one) => one.id === id);
  const leads = (to: string): string => {
    if (to === 'end') return 'ends the run';
    const at = titleOf(to);
    return at < 0 ? 'leads to no step of this runbook; goes on with the next' : `to ${at + 1} ${run.steps[at]!.title}`;
  };
  return (
    <div
      role="group"
      aria-label={`Answers to ${step.title}`}
      className={styles.branches}
      data-branches={step.id}
      onKeyDown={(event) => {
        const chosen = /^[1-9]$/.test(event.key) ? branches[Number(event.key) - 1] : undefined;
        if (!chosen || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        onChoose(chosen.to);
      }}
    >
      {branches.map(({ label, to }, n) => (
        <div key={to} className={styles.branch}>
          <Button {...(n < 9 ? { keys: String(n + 1) } : {})} onClick={() => onChoose(to)}>
            {plain(label)}
          </Button>
          <span className={styles.quiet}>{leads(to)}</span>
        </div>
      ))}
    </div>
  );
}

/** The words of a label, without the marks that emphasise them. */
function plain(label: string): string {
  return label.replace(/[*_`]/g, '');
}
