/** Who reads this incident, on which consoles, who looked; and what was restricted, lifted or erased. Nothing is drawn where nothing was. */
import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { RestrictionView } from '../../../shared/contract/restricted.ts';
import { useCommands } from '../../app/commands.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Part } from '../../ui/Part.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Members } from './Members.tsx';
import styles from './Restriction.module.css';

/** Looks that are shown by name. */
const LOOKS = 5;
/** People and consoles that are shown by name. */
const NAMES = 8;

export function Restriction({ incident: { id, label } }: { incident: IncidentView }) {
  const { value } = useQuery('incident.restriction', { incident: id }, ['access', 'policies', `incident:${id}`]);
  const [asked, setAsked] = useState<'restrict' | 'members' | 'lift' | null>(null);
  const close = (): void => setAsked(null);
  const inside = value?.state === 'restricted' && value.inside;
  useCommands([
    ...(value?.state === 'none' || value?.state === 'lifted'
      ? [{ id: 'room.restrict', title: 'Restrict this incident', hint: label, run: () => setAsked('restrict') }]
      : []),
    ...(inside
      ? [
          { id: 'room.members', title: 'Change who reads this incident', hint: label, run: () => setAsked('members') },
          { id: 'room.lift', title: 'Lift the restriction', hint: label, run: () => setAsked('lift') },
        ]
      : []),
  ]);
  if (value === undefined) return null;
  return (
    <>
      {value.state !== 'none' && <Shown value={value} ask={setAsked} />}
      {asked === 'restrict' && <Members incident={id} now={null} onClose={close} />}
      {asked === 'members' && <Members incident={id} now={value} onClose={close} />}
      {asked === 'lift' && (
        <ReasonDialog
          title="Lift the restriction"
          quote="Everybody reads this incident from here on, also all that was sealed until now. It cannot be sealed again."
          label="Why everybody may read it"
          confirm="Lift it"
          run={(reason) => call('incident.lift', { incident: id, reason })}
          onClose={close}
        />
      )}
    </>
  );
}

/** Some names, and all of them when somebody asks: a long list must not push away what is below it. */
function Names({ of }: { of: readonly { id: string; name: string }[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? of : of.slice(0, NAMES);
  return (
    <>
      {shown.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <bdi>{name}</bdi>
        </span>
      ))}
      {of.length > NAMES && (
        <Button variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `and ${(of.length - NAMES).toLocaleString('en')} more`}
        </Button>
      )}
    </>
  );
}

function Shown({ value, ask }: { value: RestrictionView; ask(what: 'members' | 'lift'): void }) {
  const { state, inside, since, sealed, contact, members, consoles, looks, lifted, erased, warnings } = value;
  const entries = sealed === 1 ? '1 sealed entry' : `${sealed} sealed entries`;
  if (state === 'lifted' || state === 'erased') {
    const end = state === 'lifted' ? lifted : erased;
    return (
      <Part label="Restriction" title={state === 'lifted' ? 'Was restricted' : 'Erased'} className={styles.part}>
        {end !== null && (
          <p>
            {state === 'lifted' ? 'Lifted by ' : `${entries} can be read by nobody any more. Erased by `}
            {end.by.name} <TimeText at={end.at} />: {end.reason}
          </p>
        )}
      </Part>
    );
  }
  return (
    <Part
      label="Restriction"
      icon={<Lock size={14} aria-hidden="true" />}
      title="Restricted"
      aside={
        inside && (
          <>
            <Button variant="quiet" onClick={() => ask('members')}>
              Change
            </Button>
            <Button variant="quiet" onClick={() => ask('lift')}>
              Lift
            </Button>
          </>
        )
      }
      className={styles.part}
    >
      {!inside && (
        <p>
          Since {since !== null && <TimeText at={since} />} only those who were named read it: {entries}.
          {contact !== null && <strong> Ask {contact.name}.</strong>}
        </p>
      )}
      {inside && (
        <>
          <p>
            <Names of={members.filter(({ to }) => to !== 'console')} />
          </p>
          <p className={styles.quiet}>
            {entries}, readable on {consoles.length === 1 ? 'this console only' : <Names of={consoles} />}
            {contact !== null && `; others ask ${contact.name}`}
          </p>
          {looks.length > 0 && (
            <p className={styles.quiet}>
              Looked:{' '}
              {looks.slice(0, LOOKS).map(({ who, at }, index) => (
                <span key={who.id}>
                  {index > 0 && ', '}
                  {who.name} <TimeText at={at} />
                </span>
              ))}
              {looks.length > LOOKS && ` and ${looks.length - LOOKS} more`}
            </p>
          )}
        </>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          ! {warning}
        </p>
      ))}
    </Part>
  );
}
