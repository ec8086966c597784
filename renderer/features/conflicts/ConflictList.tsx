/**
 * Contested facts, each with its answers side by side, until somebody keeps one: by its number, or by its button.
 * Invariant: what is kept is one of the answers that were on the screen; one that came meanwhile is shown first.
 */
import { Split } from 'lucide-react';
import { useState } from 'react';
import type { ConflictAnswer, ConflictDetail } from '../../../shared/contract/conflict.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './ConflictList.module.css';

const HOW_MANY: Record<number, string> = { 2: 'Two', 3: 'Three', 4: 'Four' };

export function ConflictList({
  conflicts,
  where = false,
  selected = null,
  main = false,
}: {
  conflicts: readonly ConflictDetail[];
  /** Whether each says which incident it is about. */
  where?: boolean;
  /** Key of the one that was asked for. */
  selected?: string | null;
  main?: boolean;
}) {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<{ key: string; message: string } | null>(null);
  const keep = async ({ key, field, answers }: ConflictDetail, { op }: ConflictAnswer): Promise<void> => {
    if (busy !== null) return;
    setBusy(op);
    setError(null);
    const reply = await call('conflict.settle', { keep: op, field, seen: answers.map((answer) => answer.op) });
    setBusy(null);
    if (!reply.ok) setError({ key, message: reply.message });
  };
  return (
    <List
      label="What is contested"
      items={conflicts}
      keyOf={({ key }) => key}
      initial={selected}
      main={main}
      glow
      onKey={(key, conflict) => {
        const answer = /^[1-9]$/.test(key) ? conflict.answers[Number(key) - 1] : undefined;
        if (answer === undefined) return false;
        void keep(conflict, answer);
        return true;
      }}
      render={(conflict) => (
        <div className={styles.conflict}>
          <p className={styles.what}>
            <Split size={16} aria-hidden="true" />
            <strong>
              {HOW_MANY[conflict.answers.length] ?? conflict.answers.length} answers: {conflict.about}
            </strong>
            {where && conflict.incident !== null && (
              <span>
                {conflict.incident.label} {conflict.incident.title}
              </span>
            )}
            <span className={styles.quiet}>
              {conflict.inForce} counts until one is kept: {conflict.why}
            </span>
            {conflict.asked.length > 0 && (
              <span className={styles.quiet}>asked: {conflict.asked.map(({ name }) => name).join(', ')}</span>
            )}
          </p>
          <ol className={styles.answers}>
            {conflict.answers.map((answer, index) => (
              <li key={answer.op} className={styles.answer}>
                <Answer answer={answer} />
                <p>
                  <Button busy={busy === answer.op} onClick={() => void keep(conflict, answer)}>
                    Keep {answer.words}
                  </Button>
                  {index < 9 && <Kbd keys={String(index + 1)} />}
                </p>
              </li>
            ))}
          </ol>
          <ErrorLine error={error?.key === conflict.key ? error.message : null} />
        </div>
      )}
    />
  );
}

function Answer({ answer }: { answer: ConflictAnswer }) {
  const { words, by, console: at, reason, followed, more } = answer;
  return (
    <>
      <p className={styles.value}>{words}</p>
      <p>
        {by.name}, <TimeText at={answer.at} zone={answer.zone} />
      </p>
      <p className={styles.quiet}>
        {at.own ? 'on this console' : `on ${at.name === '' ? `console ${at.id}` : at.name}`}
        {!at.own && (
          <>
            , came <TimeText at={answer.arrivedAt} />
          </>
        )}
      </p>
      <p className={reason === null ? styles.quiet : undefined}>{reason ?? 'no reason given'}</p>
      {followed.length > 0 && (
        <ul className={styles.followed} aria-label={`What followed from ${words}`}>
          {followed.map(({ at: when, text }) => (
            <li key={`${when} ${text}`}>
              then <TimeText at={when} zone={answer.zone} />: {text}
            </li>
          ))}
          {more > 0 && <li>and {more} more</li>}
        </ul>
      )}
    </>
  );
}
