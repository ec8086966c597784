import { rightsOf, whoHas } from '../access/rights.ts';
import { handle } from '../context.ts';
import { named, resolve } from '../names.ts';

export default handle('access.check', (context, { person, capability }) => {
  const id = resolve(context, 'person', person);
  const who = named(context, 'person', id);
  const rights = rightsOf(context, id, context.now())
    .filter((right) => capability === undefined || right.capability === capability)
    .map(({ capability: one, because, until, incident }) => ({
      ...{ capability: one, because, until },
      incident: incident === null ? null : { id: incident, name: context.incidents.labels().get(incident) ?? incident },
    }));
  if (capability === undefined)
    return { person: who, ok: null, rights, message: rights.length === 0 ? `${who.name} may do nothing here.` : '' };
  const ok = rights.length > 0;
  const message = ok
    ? `${who.name} has "${capability}": ${rights.map(({ because }) => because).join('; ')}.`
    : `${who.name} does not have "${capability}". ${whoHas(context, capability)}`;
  return { person: who, ok, rights, message };
});
