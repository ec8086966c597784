/** Actions that somebody has to do something about. Invariant: an action that is over, or that runs, needs nobody. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import { standingApprovals } from '../../../shared/domain/actions/state.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { Context } from '../context.ts';
import { liveOf } from './live.ts';
import { actionsOf, type Known } from './view.ts';

export function actionNeeds(context: Context, incident: { id: string; label: string }): NeedsYou[] {
  return actionsOf(context, incident.id, false).flatMap((known) => {
    const need = needed(context, known);
    return need === null
      ? []
      : [{ ...need, id: known.proposal.id, text: `${incident.label}: ${need.text}`, incident: incident.id }];
  });
}

function needed(context: Context, { proposal, folded, wanted }: Known): Pick<NeedsYou, 'kind' | 'text' | 'at'> | null {
  const { title, proposedBy, proposedAt, endpoint } = proposal;
  switch (folded.state) {
    case 'proposed':
      return wanted === 0
        ? { kind: 'action', text: `confirm: ${title}`, at: proposedAt }
        : { kind: 'approval', text: `approve: ${title} (${context.estate.actorName(proposedBy)})`, at: proposedAt };
    case 'approved': {
      const counting = standingApprovals(folded);
      return counting.length < wanted
        ? { kind: 'approval', text: `approve: ${title}, ${counting.length} of ${wanted}`, at: proposedAt }
        : {
            kind: 'action',
            text: `approved, run it: ${title}`,
            at: Math.min(...counting.map((one) => one.expiresAt ?? 0)),
          };
    }
    case 'waiting': {
      const since = folded.waiting?.at ?? proposedAt;
      const answers = liveOf(context.store).reachable.get(endpoint)?.ok === true;
      const waited = `waited ${formatDuration(Math.max(0, context.now() - since))} for ${endpoint}`;
      return {
        kind: 'action',
        text: `${answers ? `run it after all? It ${waited}` : `has ${waited}`}: ${title}`,
        at: since,
      };
    }
    case 'unknown':
      return {
        kind: 'action',
        text: `answer lost, check whether it happened: ${title}`,
        at: folded.attempts.at(-1)!.run.at,
      };
    default:
      return null;
  }
}
