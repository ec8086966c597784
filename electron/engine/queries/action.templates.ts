import { endpoints } from '../actions/endpoints.ts';
import { templates } from '../actions/library.ts';
import { handle } from '../context.ts';

export default handle('action.templates', (context) => {
  const all = templates(context);
  const here = endpoints(context);
  return {
    templates: all.templates.map(({ id, title, effect, risk, reversible, request, inputs, wantsService, file }) => ({
      ...{ id, title, effect, risk, reversible, inputs, wantsService, file },
      endpoint: request.endpoint,
      configured: here.has(request.endpoint),
      method: request.method,
      path: request.path,
    })),
    problems: all.problems,
  };
});
