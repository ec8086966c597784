/** Whom to call, with numbers, from what is here; and the two sheets for those who have no screen. */
import { useState } from 'react';
import { bridge, call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import styles from './Updates.module.css';

export default function Calls({ incident, label, onClose }: { incident: string; label: string; onClose(): void }) {
  const { value, error } = useQuery('calltree', { incident }, ['incidents', 'estate', 'health', 'stores']);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const print = async (sheet: 'calltree.print' | 'handover.print'): Promise<void> => {
    const [to] = await bridge.choosePaths('record-folder');
    if (to === undefined) return;
    setBusy(true);
    setFailed(null);
    setPath(null);
    const reply = await call(sheet, { incident, to, replace: true });
    setBusy(false);
    if (reply.ok) setPath(reply.value.path);
    else setFailed(reply.message);
  };
  return (
    <Dialog
      open
      size="wide"
      title={`${label}: whom to call`}
      onClose={onClose}
      footer={
        <>
          <Button busy={busy} onClick={() => void print('handover.print')}>
            Print the handover
          </Button>
          <Button variant="primary" busy={busy} autoFocus onClick={() => void print('calltree.print')}>
            Print the numbers
          </Button>
        </>
      }
    >
      <ErrorLine error={error ?? failed} />
      {path !== null && (
        <p role="status" className={styles.told}>
          {path}
        </p>
      )}
      {value?.groups.length === 0 && (
        <p className={styles.none}>The estate names no people, teams or stores to call.</p>
      )}
      <div className={styles.groups} role="region" aria-label="Numbers" tabIndex={0}>
        {value?.groups.map(({ title, lines, more }) => (
          <section key={title} className={styles.group}>
            <h3 className={styles.heading}>{title}</h3>
            <table className={styles.calls}>
              <thead className="visually-hidden">
                <tr>
                  <th scope="col">Who</th>
                  <th scope="col">Telephone</th>
                  <th scope="col">Their time</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr key={`${line.name} ${line.as}`}>
                    <th scope="row">
                      {line.name}
                      <span className={styles.quiet}>
                        {line.as}
                        {line.note === '' ? '' : ` · ${line.note}`}
                      </span>
                    </th>
                    <td className={styles.phone} data-none={line.phone === null || undefined}>
                      {line.phone ?? '! no number'}
                    </td>
                    <td className={styles.quiet}>{line.localTime}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {more > 0 && <p className={styles.quiet}>and {more} more</p>}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
