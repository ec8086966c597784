/** The teams of the incident's own, each with its lead, in one line. */
import type { SubteamView } from '../../../shared/contract/room.ts';
import styles from './Teams.module.css';

export function Teams({ teams }: { teams: readonly SubteamView[] }) {
  if (teams.length === 0) return null;
  return (
    <ul className={styles.teams} aria-label="Teams">
      {teams.map(({ id, name, lead, members, openAsks }) => (
        <li key={id} title={members.map((one) => one.name).join(', ')}>
          <strong>{name}</strong> {lead.name} leads {members.length}
          {openAsks > 0 && `, ${openAsks} open`}
        </li>
      ))}
    </ul>
  );
}
