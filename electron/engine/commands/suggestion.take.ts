import { Refusal } from '../../../shared/contract/spec.ts';
import { table } from '../../../shared/contract/table.ts';
import { pass } from '../access/gate.ts';
import { handle, type Context } from '../context.ts';
import { handlerOf } from '../dispatch.ts';
import { findIncident } from '../incidents/view.ts';
import { settle } from '../suggestions/settled.ts';
import { workspaceOf } from '../workspace/index.ts';

export default handle('suggestion.take', async (context, { incident, kind, key, facts }) => {
  const row = findIncident(context, incident);
  const { suggestions } = await workspaceOf(context, row);
  const found = suggestions.find((one) => one.kind === kind && one.key === key);
  if (!found) throw new Refusal('refused', `"${key}" is not suggested (any more) in this incident.`);
  if (facts !== undefined && facts !== found.facts)
    throw new Refusal('refused', `What this rested on has changed; it now says: ${found.title}.`);
  const { name, input } = found.command;
  pass(context, table[name], input);
  // What is done is committed by itself: the reply that this request is remembered by is the one below.
  const inner: Context = {
    ...context,
    commit: (work) => context.store.commit({ actor: context.session.actor, zone: context.zone }, work),
  };
  await (
    await handlerOf(name)
  )(inner, table[name].input.parse(input));
  return context.commit((tx) => {
    settle(tx, row.id, { kind, key, facts: found.facts, verdict: 'taken', title: found.title });
    return { title: found.title, did: found.does };
  });
});
