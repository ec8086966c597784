/** Everybody who can be asked, with their number, the time it is where they are, and until when they are away. */
import { useMemo, useState } from 'react';
import type { FormEvent } from 'react';
import type { PersonView, TeamView } from '../../../shared/contract/estate.ts';
import { formatTime } from '../../../shared/domain/times.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { orDash, Phone, Quiet } from './cells.tsx';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

export function People({
  people,
  teams,
  find = '',
  selected,
}: {
  people: readonly PersonView[];
  teams: readonly TeamView[];
  find?: string;
  selected: string | null;
}) {
  const replace = useNavigation((state) => state.replace);
  const zone = useZone();
  const now = useNow(60_000);
  const [query, setQuery] = useState(find);
  const onCall = useMemo(
    () => new Map(teams.flatMap((team) => team.onCall.map(({ person }) => [person.id, team.name] as const))),
    [teams],
  );
  const rows = useMemo(
    () =>
      people.filter((person) =>
        fits(query, [
          person.name,
          person.id,
          person.title,
          person.email,
          person.phone,
          person.away === undefined ? null : 'away',
          person.away?.reason,
          ...person.teams.map(({ name }) => name),
        ]),
      ),
    [people, query],
  );
  const columns = useMemo(() => columnsFor(now, onCall, zone), [now, onCall, zone]);
  const shown = people.find(({ id }) => id === selected);
  return (
    <SplitPane
      id="people"
      label={shown?.name ?? 'the person'}
      initial={400}
      first={
        <Listing
          label="People"
          searches="Name, number, team, what they do"
          query={query}
          onQuery={setQuery}
          columns={columns}
          rows={rows}
          total={people.length}
          keyOf={(person) => person.id}
          onOpen={(person) => replace({ tab: 'people', id: person.id })}
          selected={selected}
          initialSort="name"
          none="Nobody is known."
        />
      }
      second={
        shown && (
          <Person
            key={shown.id}
            person={shown}
            onCallFor={onCall.get(shown.id) ?? null}
            onClose={() => replace({ tab: 'people' })}
          />
        )
      }
    />
  );
}

function Person({ person, onCallFor, onClose }: { person: PersonView; onCallFor: string | null; onClose(): void }) {
  const zone = useZone();
  const now = useNow(60_000);
  const back = useCommand('person.back');
  const [going, setGoing] = useState(false);
  const { id, name, away, timezone } = person;
  const isBack = (): void => void back.run({ person: id });
  useKeys(
    name,
    away === undefined
      ? [{ keys: 'a', title: 'Say until when they are away', run: () => setGoing(true) }]
      : [
          { keys: 'a', title: 'Change until when they are away', run: () => setGoing(true) },
          { keys: 'b', title: 'They are back', run: isBack },
        ],
  );
  return (
    <Details title={name} onClose={onClose}>
      <Facts
        facts={[
          { name: 'Does', value: orDash(person.title) },
          { name: 'Phone', value: <Phone number={person.phone} /> },
          { name: 'E-mail', value: orDash(person.email) },
          { name: 'Teams', value: orDash(person.teams.map((team) => team.name).join(', ')) },
          { name: 'On call', value: onCallFor ?? <Quiet>not now</Quiet> },
          { name: 'Their clock', value: timezone === null ? <Quiet>not known</Quiet> : formatTime(now, timezone) },
          {
            name: 'Away',
            value:
              away === undefined ? (
                <Quiet>no</Quiet>
              ) : (
                <>
                  until <TimeText at={away.until} zone={zone} />
                  {away.reason === null ? '' : `: ${away.reason}`}
                </>
              ),
          },
        ]}
      />
      <p className={styles.quiet}>
        Who is away is not proposed for a role, and what they have is shown with who is next.
      </p>
      <p className={styles.actions}>
        <Button keys="a" onClick={() => setGoing(true)}>
          {away === undefined ? 'Away until …' : 'Change'}
        </Button>
        {away !== undefined && (
          <Button keys="b" busy={back.busy} onClick={isBack}>
            Back
          </Button>
        )}
      </p>
      <ErrorLine error={back.error} />
      {going && <GoesAway person={person} onClose={() => setGoing(false)} />}
    </Details>
  );
}

function GoesAway({ person, onClose }: { person: PersonView; onClose(): void }) {
  const away = useCommand('person.away');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState(person.away?.reason ?? '');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (until.trim() === '') return;
    const reply = await away.run({ person: person.id, until, ...(reason.trim() === '' ? {} : { reason }) });
    if (reply.ok) onClose();
  };
  return (
    <Dialog
      open
      title={`${person.name} is away`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="goes-away" busy={away.busy} disabled={until.trim() === ''}>
            Away
          </Button>
        </>
      }
    >
      <form id="goes-away" className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextField
          label={`Until when${person.timezone === null ? '' : ', by their clock'}`}
          placeholder="3h, 2d, 14:05, 2026-12-24"
          value={until}
          onChange={setUntil}
          autoFocus
        />
        <TextField label="Why" placeholder="holiday" value={reason} onChange={setReason} />
        <ErrorLine error={away.error} />
      </form>
    </Dialog>
  );
}

function columnsFor(now: number, onCall: ReadonlyMap<string, string>, zone: string): Column<PersonView>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(140px, 1fr)',
      sort: (row) => row.name,
      cell: (row) => <strong title={row.id}>{row.name}</strong>,
    },
    { id: 'phone', title: 'Phone', width: '160px', cell: (row) => <Phone number={row.phone} /> },
    {
      id: 'title',
      title: 'Does',
      width: 'minmax(140px, 1fr)',
      sort: (row) => row.title || null,
      cell: (row) => orDash(row.title),
    },
    {
      id: 'teams',
      title: 'Teams',
      width: 'minmax(120px, 1fr)',
      sort: (row) => row.teams[0]?.name ?? null,
      cell: (row) => orDash(row.teams.map(({ name }) => name).join(', ')),
    },
    {
      id: 'oncall',
      title: 'On call',
      width: 'minmax(100px, 1fr)',
      sort: (row) => onCall.get(row.id) ?? null,
      cell: (row) => orDash(onCall.get(row.id)),
    },
    {
      id: 'away',
      title: 'Away',
      width: '176px',
      sort: (row) => row.away?.until ?? null,
      cell: (row) =>
        row.away === undefined ? (
          <Quiet>–</Quiet>
        ) : (
          <span title={row.away.reason ?? undefined}>
            until <TimeText at={row.away.until} zone={zone} />
          </span>
        ),
    },
    {
      id: 'email',
      title: 'E-mail',
      width: 'minmax(160px, 1fr)',
      sort: (row) => row.email,
      cell: (row) => orDash(row.email),
    },
    {
      id: 'clock',
      title: 'Their clock',
      width: '128px',
      sort: (row) => row.timezone,
      cell: (row) => <Quiet>{row.timezone === null ? '–' : formatTime(now, row.timezone)}</Quiet>,
    },
  ];
}
