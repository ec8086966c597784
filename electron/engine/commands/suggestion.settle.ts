import { Refusal } from '../../../shared/contract/spec.ts';
import { CLEANUP_SUGGESTION, proposals } from '../cleanup/proposals.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { settle, settledOf } from '../suggestions/settled.ts';
import { workspaceOf } from '../workspace/index.ts';

export default handle('suggestion.settle', async (context, { incident, kind, key, verdict, reason, ...shown }) => {
  const row = findIncident(context, incident);
  let { facts, title } = shown;
  if (facts === undefined || title === undefined) {
    const found =
      kind === CLEANUP_SUGGESTION
        ? proposals(context, row).find((one) => one.key === key)
        : (await workspaceOf(context, row)).suggestions.find((one) => one.kind === kind && one.key === key);
    if (!found) throw new Refusal('not_found', `"${kind} ${key}" is not suggested in this incident now.`);
    facts ??= found.facts;
    title ??= found.title;
  }
  const said = { kind, key, facts, verdict, title };
  return context.commit((tx) => {
    if (settledOf(context, row.id)(kind, key, said.facts) !== verdict)
      settle(tx, row.id, { ...said, ...(reason ? { reason } : {}) });
    return {};
  });
});
