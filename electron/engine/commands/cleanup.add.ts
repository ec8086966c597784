import { Refusal } from '../../../shared/contract/spec.ts';
import { CLEANUP_UNITS } from '../../../shared/domain/cleanup.ts';
import { CLEANUP_SUGGESTION, proposals } from '../cleanup/proposals.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import { settle } from '../suggestions/settled.ts';

export default handle('cleanup.add', (context, { incident, proposal: key, ...said }) => {
  const row = findIncident(context, incident);
  if (row.doc['status'] === 'closed')
    throw new Refusal(
      'refused',
      'This incident is closed: open it again, with a reason, before anything is added to it.',
    );
  const taken = key === undefined ? undefined : proposals(context, row).find((one) => one.key === key);
  if (key !== undefined && !taken)
    throw new Refusal('not_found', `"${key}" is not proposed (any more) in this incident.`);
  const title = said.title ?? taken?.title;
  if (title === undefined) throw new Refusal('bad_input', 'title: say what is to be put right.');
  const kind = said.kind ?? taken?.kind ?? 'other';
  const moneyMinor = said.moneyMinor ?? taken?.moneyMinor ?? undefined;
  const currency = said.currency ?? taken?.currency ?? undefined;
  if (moneyMinor !== undefined && currency === undefined)
    throw new Refusal('bad_input', 'currency: an amount of money needs its currency, such as EUR.');
  const owner = said.owner === undefined || said.owner === null ? null : resolve(context, 'person', said.owner);
  const evidence = said.evidence ?? taken?.why;
  const item = newId('d', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'cleanup.add',
      payload: {
        ...{ item, kind, title, owner },
        count: said.count ?? taken?.count ?? 1,
        unit: said.unit ?? taken?.unit ?? CLEANUP_UNITS[kind],
        ...(moneyMinor === undefined ? {} : { moneyMinor, currency: currency! }),
        dueAt: said.dueAt ?? null,
        ...(evidence ? { evidence } : {}),
        ...(taken ? { from: taken.key } : {}),
      },
    });
    if (taken)
      settle(tx, row.id, { kind: CLEANUP_SUGGESTION, key: taken.key, facts: taken.facts, verdict: 'taken', title });
    return { item };
  });
});
