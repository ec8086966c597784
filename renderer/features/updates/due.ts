/** The clock of an audience in words. */
import type { AudienceUpdates } from '../../../shared/contract/updates.ts';
import { formatDuration } from '../../../shared/domain/times.ts';

/** "due 4:10", "! overdue 1:05"; "not delivered" while something waits; empty when nothing is owed. */
export function dueWords({ dueAt, sent }: Pick<AudienceUpdates, 'dueAt' | 'sent'>, now: number): string {
  if (sent.some(({ delivery }) => delivery?.state === 'waiting')) return '! not delivered';
  if (dueAt === null) return sent.length === 0 ? 'none due' : 'told';
  return dueAt < now ? `! overdue by ${formatDuration(now - dueAt)}` : `due in ${formatDuration(dueAt - now)}`;
}
