/** Everybody who can be asked, with their number and the time it is where they are. */
import { useMemo, useState } from 'react';
import type { PersonView, TeamView } from '../../../shared/contract/estate.ts';
import { formatTime } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { orDash, Phone, Quiet } from './cells.tsx';
import { fits, Listing } from './Listing.tsx';

export function People({
  people,
  teams,
  find = '',
}: {
  people: readonly PersonView[];
  teams: readonly TeamView[];
  find?: string;
}) {
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
          ...person.teams.map(({ name }) => name),
        ]),
      ),
    [people, query],
  );
  const columns = useMemo(() => columnsFor(now, onCall), [now, onCall]);
  return (
    <Listing
      label="People"
      searches="Name, number, team, what they do"
      query={query}
      onQuery={setQuery}
      columns={columns}
      rows={rows}
      total={people.length}
      keyOf={(person) => person.id}
      initialSort="name"
      none="Nobody is known."
    />
  );
}

function columnsFor(now: number, onCall: ReadonlyMap<string, string>): Column<PersonView>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      width: 'minmax(140px, 1fr)',
      sort: (row) => row.name,
      cell: (row) => <strong title={row.id}>{row.name}</strong>,
    },
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
    { id: 'phone', title: 'Phone', width: '160px', cell: (row) => <Phone number={row.phone} /> },
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
