import { SPAN_LIMIT } from '../../../shared/domain/people/span.ts';
import { Role } from '../../../shared/domain/words.ts';
import { handle } from '../context.ts';
import { asksOf, findIncident, rolesOf } from '../incidents/view.ts';
import { named } from '../names.ts';
import { checklists } from '../people/checklists.ts';
import { handoversIn } from '../people/handovers.ts';
import { openProposals } from '../people/proposals.ts';
import { requiredOf } from '../people/required.ts';
import { reportsIn, subteams } from '../people/subteams.ts';

/** How long an offer that nobody answered, or that was declined, is shown, ms. */
const SHOWN_MS = 30 * 60_000;

export default handle('incident.people', (context, { incident }) => {
  const row = findIncident(context, incident);
  const now = context.now();
  const asks = asksOf(context, row.id);
  const reports = reportsIn(context, row.id, rolesOf(context, row), asks);
  return {
    required: requiredOf(row),
    checklists: Role.options.map((role) => checklists(context, row.id, role)),
    problems: context.policies.get('checklists').problems,
    teams: subteams(context, row.id, asks),
    span: {
      reports: reports.map((id) => named(context, 'person', id)),
      limit: SPAN_LIMIT,
      over: reports.length > SPAN_LIMIT,
    },
    handovers: handoversIn(context, row.id).filter(
      ({ state, expiresAt, answeredAt, staysUntil }) =>
        state === 'offered' ||
        (state === 'expired' && expiresAt > now - SHOWN_MS) ||
        (state === 'declined' && (answeredAt ?? 0) > now - SHOWN_MS) ||
        (state === 'accepted' && (staysUntil ?? 0) > now),
    ),
    proposals: openProposals(context, row.id),
  };
});
