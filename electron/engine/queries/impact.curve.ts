import { handle } from '../context.ts';
import { curve } from '../impact/curve.ts';
import { resolve } from '../names.ts';

export default handle('impact.curve', (context, { businessService, hours, measure }) =>
  curve(context, resolve(context, 'business-service', businessService), hours, measure),
);
