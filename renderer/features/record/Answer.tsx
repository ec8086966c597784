/** The one question of the record, and the answer: what was checked, when, and how long that took. */
import type { RecordView } from '../../../shared/contract/record.ts';
import type { QueryError } from '../../bridge/query-cache.ts';
import { useNow } from '../../state/now.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Answer.module.css';
import { count } from '../../../shared/domain/record/lost.ts';
import { answerOf, took } from '../../../shared/domain/record/words.ts';

export function Answer({
  record,
  error,
  onVerify,
}: {
  record: RecordView;
  error: QueryError | null;
  onVerify(): void;
}) {
  const now = useNow(60_000);
  const { health, words, besides } = answerOf(record, now);
  const { verified, verifying } = record;
  return (
    <section className={styles.answer} aria-labelledby="record-question">
      <div className={styles.said}>
        <h2 id="record-question" className={styles.question}>
          Can this record be trusted?
        </h2>
        <p className={styles.words} data-health={health} role="status">
          <HealthShape health={health} />
          <span>{words}</span>
        </p>
        <p className={styles.quiet}>
          {verified === null ? (
            `${count(record.ops, 'op')} in the log.`
          ) : (
            <>
              Checked <TimeText at={verified.startedAt} /> (<Age at={verified.startedAt} />
              ), took {took(verified.ms)}: {count(verified.ops, 'op')} of {count(verified.consoles.length, 'console')}
              {verified.witnesses.checked > 0 && `, ${count(verified.witnesses.checked, 'head')} that backups remember`}
              .
            </>
          )}
        </p>
        {record.begun !== null && <Begun {...record.begun} />}
        {besides.map((sentence) => (
          <p key={sentence} className={styles.besides}>
            {sentence}
          </p>
        ))}
        <ErrorLine error={error} />
      </div>
      <div className={styles.act}>
        {verifying === null ? (
          <Button variant={verified === null ? 'primary' : 'plain'} keys="v" onClick={onVerify}>
            Verify now
          </Button>
        ) : (
          <Progress {...verifying} />
        )}
      </div>
    </section>
  );
}

function Begun({ made, maker, verifiedBackTo, whole }: NonNullable<RecordView['begun']>) {
  return (
    <p className={whole ? styles.quiet : styles.besides}>
      It began from a snapshot of <TimeText at={made} /> by <bdi>{maker.name}</bdi>
      {whole ? (
        ', verified whole since.'
      ) : verifiedBackTo === null ? (
        '.'
      ) : verifiedBackTo === 0 ? (
        ', verified back to its beginning; the tables are compared now.'
      ) : (
        <>
          , <b>verified back to</b>{' '}
          <b>
            <TimeText at={verifiedBackTo} />
          </b>
          .
        </>
      )}
    </p>
  );
}

function Progress({ done, total }: { done: number; total: number }) {
  const chains = done < total;
  return (
    <div className={styles.progress}>
      <progress max={Math.max(1, total)} value={Math.min(done, total)} aria-label="Checking the record" />
      <span className={styles.quiet}>
        {chains
          ? `Checking: ${done.toLocaleString('en')} of ${count(total, 'op')}`
          : 'Comparing the tables with the log'}
      </span>
    </div>
  );
}
