/** Whom to call now, team by team, with the number. */
import { useMemo, useState } from 'react';
import type { TeamView } from '../../../shared/contract/estate.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZone } from '../../state/zone.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Missing, orDash, Phone, Quiet } from './cells.tsx';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

const first = (team: TeamView) => team.onCall[0];

export function Teams({ teams, selected }: { teams: readonly TeamView[]; selected: string | null }) {
  const zone = useZone();
  const replace = useNavigation((state) => state.replace);
  const [query, setQuery] = useState('');
  const rows = useMemo(
    () =>
      teams.filter((team) =>
        fits(query, [
          team.name,
          team.id,
          team.description,
          team.phone,
          team.chat,
          ...team.members.map(({ name }) => name),
        ]),
      ),
    [teams, query],
  );
  const columns = useMemo(() => columnsFor(zone), [zone]);
  const shown = teams.find(({ id }) => id === selected);
  return (
    <SplitPane
      id="teams"
      label={shown?.name ?? 'the team'}
      initial={440}
      first={
        <Listing
          label="Teams"
          searches="Team, member, number, channel"
          query={query}
          onQuery={setQuery}
          columns={columns}
          rows={rows}
          total={teams.length}
          keyOf={(team) => team.id}
          onOpen={(team) => replace({ tab: 'teams', id: team.id })}
          selected={selected}
          initialSort="name"
          none="No team is known."
        />
      }
      second={shown && <Team team={shown} zone={zone} onClose={() => replace({ tab: 'teams' })} />}
    />
  );
}

function Team({ team, zone, onClose }: { team: TeamView; zone: string; onClose(): void }) {
  const onCall = new Set(team.onCall.map(({ person }) => person.id));
  return (
    <Details title={team.name} onClose={onClose}>
      {team.description !== '' && <p>{team.description}</p>}
      <h3 className={styles.heading}>On call now</h3>
      {team.onCall.length === 0 ? (
        <p>
          <Missing>Nobody is on call</Missing>:{' '}
          {team.rota.length === 0 ? 'the catalog has no rota for this team.' : 'its rota has not begun.'}
        </p>
      ) : (
        <ul>
          {team.onCall.map(({ role, person, until }) => (
            <li key={`${role} ${person.id}`} className={styles.person}>
              <strong>{person.name}</strong>
              <span className={styles.phone}>{person.phone ?? <Missing>no number</Missing>}</span>
              <span className={styles.quiet}>
                {role}, until <TimeText at={until} zone={zone} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Facts
        facts={[
          { name: 'Team phone', value: <Phone number={team.phone} /> },
          { name: 'Bridge', value: orDash(team.bridge) },
          { name: 'Chat', value: orDash(team.chat) },
          { name: 'E-mail', value: orDash(team.email) },
          { name: 'Owns', value: `${team.services} ${team.services === 1 ? 'service' : 'services'}` },
        ]}
      />
      <h3 className={styles.heading}>People</h3>
      {team.members.length === 0 ? (
        <p className={styles.quiet}>The catalog names nobody in this team.</p>
      ) : (
        <ul>
          {team.members.map((person) => (
            <li key={person.id} className={styles.person}>
              <span>
                {person.name} {onCall.has(person.id) && <Quiet>· on call</Quiet>}
              </span>
              <Phone number={person.phone} />
              <span className={styles.quiet}>{person.title}</span>
            </li>
          ))}
        </ul>
      )}
    </Details>
  );
}

function columnsFor(zone: string): Column<TeamView>[] {
  return [
    {
      id: 'name',
      title: 'Team',
      width: 'minmax(140px, 1fr)',
      sort: (row) => row.name,
      cell: (row) => <strong title={row.id}>{row.name}</strong>,
    },
    {
      id: 'oncall',
      title: 'On call now',
      width: 'minmax(140px, 1fr)',
      sort: (row) => first(row)?.person.name ?? null,
      cell: (row) => first(row)?.person.name ?? <Missing>nobody on call</Missing>,
    },
    {
      id: 'phone',
      title: 'Call',
      width: '160px',
      cell: (row) => <Phone number={first(row)?.person.phone ?? row.phone} />,
    },
    {
      id: 'until',
      title: 'Until',
      width: '180px',
      sort: (row) => first(row)?.until ?? null,
      cell: (row) => (first(row) === undefined ? <Quiet>–</Quiet> : <TimeText at={first(row)!.until} zone={zone} />),
    },
    {
      id: 'bridge',
      title: 'Bridge',
      width: 'minmax(190px, 1fr)',
      sort: (row) => row.bridge,
      cell: (row) => orDash(row.bridge),
    },
    {
      id: 'members',
      title: 'People',
      width: '76px',
      align: 'end',
      sort: (row) => row.members.length,
      cell: (row) => row.members.length,
    },
    {
      id: 'services',
      title: 'Services',
      width: '84px',
      align: 'end',
      sort: (row) => row.services,
      cell: (row) => row.services,
    },
  ];
}
