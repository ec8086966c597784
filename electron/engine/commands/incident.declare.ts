import type { ProposalView } from '../../../shared/contract/proposal.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { briefOf, labelsOf } from '../incidents/rows.ts';
import { resolve, resolveAll } from '../names.ts';
import { handToMembers, restrict, restrictingBy } from '../restricted/declare.ts';
import { propose, responsePayload, severityPayload } from '../proposals/index.ts';

export default handle('incident.declare', (context, input) => {
  const { title, severity, startedAt, integrity: data, security, level, model, reason } = input;
  const services = resolveAll(context, 'service', input.services);
  const businessServices = resolveAll(context, 'business-service', input.businessServices);
  const commander = input.commander === undefined ? undefined : resolve(context, 'person', input.commander);
  const now = context.now();
  const proposal = proposed(() =>
    propose(
      context,
      {
        ...{ title, services, businessServices },
        ...{ data: data ?? 'none', security: security ?? 'none', startedAt: startedAt ?? now, running: new Set() },
      },
      { chosen: severity },
    ),
  );
  const chosen =
    proposal === null || (level === undefined && model === undefined)
      ? null
      : { ...proposal.response.proposed, ...defined({ level, model }) };
  const id = newId('i', now);
  const restricting =
    input.restrictedTo === undefined ? null : restrictingBy(context, input.restrictedTo, input.contact);
  if (restricting === null && input.contact !== undefined)
    throw new Refusal(
      'bad_input',
      'contact: it says whom others may ask about a restricted incident; add restrictedTo.',
    );
  return context.commit((tx) => {
    const restricted = restricting !== null;
    const known = context.incidents.briefs().filter((brief) => brief.restricted === restricted);
    if (restricting) restrict(context, tx, id, restricting);
    const number = 1 + known.reduce((most, brief) => Math.max(most, brief.number), 0);
    tx.append({
      scope: id,
      type: 'incident.declare',
      payload: {
        ...{ number, title, severity, services, businessServices },
        ...defined({ commander, startedAt, data, security, reason }),
        ...(restricted ? { restricted } : {}),
        ...(proposal === null ? {} : { proposal: severityPayload(proposal.severity) }),
        ...(proposal === null || chosen === null
          ? {}
          : { response: responsePayload(context, chosen, proposal.response) }),
      },
    });
    if (restricting) handToMembers(context, tx, id);
    return { id, label: labelsOf([...known, briefOf(tx.entity('incident', id, id)!)]).get(id)! };
  });
});

/** A declaration waits for nothing: when a proposal cannot be made, the incident stands without one. */
function proposed(make: () => ProposalView): ProposalView | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** Without the members that are undefined. */
function defined<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
