/** What a test of a connection saw. */
import type { TestReport } from '../../../shared/contract/sources.ts';
import { HealthShape } from '../../ui/HealthMark.tsx';
import styles from './Sources.module.css';

export function TestResult({ report }: { report: TestReport }) {
  return (
    <div className={styles.report} data-ok={report.ok || undefined} role="status">
      <p className={styles.reportHead}>
        <HealthShape health={report.ok ? 'healthy' : 'failing'} />
        <span>{report.message}</span>
        <span className={styles.quiet}>{Math.round(report.ms)} ms</span>
      </p>
      {report.seen.length > 0 && (
        <ul className={styles.seen}>
          {report.seen.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
