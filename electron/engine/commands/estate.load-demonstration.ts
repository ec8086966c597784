import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { loadDemonstration } from '../demonstration.ts';

export default handle('estate.load-demonstration', async (context) => {
  if (context.estate.all('service').size > 0) {
    throw new Refusal(
      'refused',
      'There is an estate here already; the demonstration only goes into an empty one. Use another data folder.',
    );
  }
  return loadDemonstration(context);
});
