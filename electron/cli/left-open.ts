/** What an incident leaves open when it is resolved or closed: said, not refused, since somebody may know better. */
import type { IncidentView } from '../../shared/contract/incident.ts';

export function leftOpen({ asks, runs, health, conflicts }: IncidentView): string | null {
  const open = asks.filter(({ state }) => state === 'open' || state === 'acknowledged');
  const parts = [
    ...health
      .filter(({ health: { health: word } }) => word !== 'healthy')
      .map(
        ({ name, health: { health: word } }) => `${name} is ${word === 'early-warning' ? 'in early warning' : word}`,
      ),
    ...open.map(({ text, owner }) => `${owner?.name ?? 'somebody'} was asked: ${text}`),
    ...runs.flatMap(({ title, steps, ended }) => {
      if (ended !== null) return [];
      const left = steps.filter(({ state }) => state === 'open' || state === 'doing').length;
      return left === 0 ? [] : [`${left} ${left === 1 ? 'step' : 'steps'} of ${title}`];
    }),
    ...(conflicts > 0 ? ['what two consoles answered differently'] : []),
  ];
  return parts.length === 0 ? null : `Left open: ${parts.join('; ')}.`;
}
