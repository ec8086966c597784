import { guardView, prepare, reachWords } from '../actions/prepare.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { named } from '../names.ts';

export default handle('action.preview', (context, input) => {
  const incident = findIncident(context, input.incident);
  const prepared = prepare(context, incident, input, '(made when it is proposed)');
  const { spec, made, missing, need, services, reaches } = prepared;
  return {
    title: spec.title,
    endpoint: spec.request.endpoint,
    request: made && { method: made.method, url: made.url, headers: made.headers, body: made.body },
    dryRun: made?.dryRun ?? null,
    missing,
    inputs: spec.inputs,
    wantsService: spec.wantsService,
    effect: spec.effect,
    risk: spec.risk,
    reversible: spec.reversible,
    ...guardView(context, incident, need, [context.session.actor]),
    reach: {
      services: services.map((id) => named(context, 'service', id)),
      reaches,
      limit: spec.reach,
      text: reachWords(reaches, spec.reach),
    },
  };
});
