import { Refusal } from '../../../shared/contract/spec.ts';
import { worksOf } from '../bundles/work.ts';
import { handle } from '../context.ts';

export default handle('bundle.stop', (context, { id }) => {
  const works = worksOf(context).filter(({ view }) => id === undefined || view.id === id);
  if (works.length === 0) throw new Refusal('not_found', 'No bundle is read or written just now.');
  for (const work of works) work.stop();
  return { stopped: works.length };
});
