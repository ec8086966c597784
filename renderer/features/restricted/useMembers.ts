/** Whom a restricted incident can be named to: people, teams, roles of the access policy, consoles. */
import { useMemo } from 'react';
import { useQuery } from '../../bridge/useQuery.ts';
import type { Option } from '../../ui/Combobox.tsx';

/** @param wanted asks nothing while false */
export function useMembers(wanted = true): { members: readonly Option[]; people: readonly Option[] } {
  const { value: people } = useQuery('estate.people', wanted ? {} : null, ['estate']);
  const { value: teams } = useQuery('estate.teams', wanted ? {} : null, ['estate']);
  const { value: access } = useQuery('access.roles', wanted ? {} : null, ['access', 'policies']);
  const { value: consoles } = useQuery('console.list', wanted ? {} : null, ['estate']);
  return useMemo(() => {
    const named = (people ?? []).map(({ id, name, title }): Option => ({
      value: id,
      label: name,
      ...(title === '' ? {} : { hint: title }),
    }));
    return {
      people: named,
      members: [
        ...named.map((one) => ({ ...one, value: `person:${one.value}` })),
        ...(teams ?? []).map(({ id, name }): Option => ({ value: `team:${id}`, label: name, hint: 'team' })),
        ...(access?.roles ?? []).map(({ id, title }): Option => ({ value: `role:${id}`, label: title, hint: 'role' })),
        ...(consoles?.consoles ?? [])
          .filter(({ standing }) => standing === 'enrolled')
          .map(({ id, name }): Option => ({ value: `console:${id}`, label: name, hint: 'console' })),
      ],
    };
  }, [people, teams, access, consoles]);
}
