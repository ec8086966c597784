/** Who can say yes now, and the number to dial: one key away. Whoever can be asked at this moment stands first. */
import type { AuthorityPerson } from '../../../shared/contract/governance.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Governance.module.css';

/** More are counted, not listed. */
const SHOWN = 6;

export default function Authority({
  incident,
  onException,
  onClose,
}: {
  incident: string;
  onException(): void;
  onClose(): void;
}) {
  const { value, error } = useQuery('incident.authority', { incident }, [
    'estate',
    'policies',
    'access',
    `incident:${incident}`,
  ]);
  return (
    <Dialog
      open
      size="wide"
      title={`${value?.incident.label ?? ''} Who can say yes?`.trim()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onException}>Make an exception</Button>
          <Button variant="primary" autoFocus onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <ErrorLine error={error} />
      <div className={styles.lines} role="region" aria-label="Who can say yes" tabIndex={0}>
        {value?.lines.map(({ id, title, rule, approvals, people, empty }) => (
          <section key={id} className={styles.line} aria-label={title}>
            <h3 className={styles.act}>
              {title}
              {approvals > 1 && <span className={styles.quiet}> {approvals} people</span>}
            </h3>
            <p className={styles.quiet}>{rule}</p>
            <table className={styles.people}>
              <tbody>
                {people.slice(0, SHOWN).map((person) => (
                  <Person key={`${person.id} ${person.as}`} person={person} />
                ))}
              </tbody>
            </table>
            {people.length > SHOWN && <p className={styles.quiet}>and {people.length - SHOWN} more</p>}
            {empty.length > 0 && <p className={styles.warning}>! Nobody is {empty.join(', nobody is ')}.</p>}
            {people.length === 0 && empty.length === 0 && (
              <p className={styles.warning}>! The policy lets nobody say yes to this.</p>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Person({ person }: { person: AuthorityPerson }) {
  const { name, as, phone, localTime, awayUntil, instead, lacks } = person;
  return (
    <tr data-away={awayUntil !== null || undefined}>
      <th scope="row">
        {name} <span className={styles.quiet}>{as}</span>
      </th>
      <td className={styles.phone}>{phone ?? '! no number'}</td>
      <td className={styles.quiet}>
        {awayUntil !== null ? (
          <span className={styles.warning}>
            away until <TimeText at={awayUntil} />
            {instead !== null && `; ask ${instead.name} ${instead.phone ?? ''}`}
          </span>
        ) : (
          localTime
        )}
        {lacks !== null && <span className={styles.warning}> ! lacks {lacks}</span>}
      </td>
    </tr>
  );
}
