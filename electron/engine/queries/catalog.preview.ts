import { handle } from '../context.ts';
import { planCatalog } from '../catalog/import.ts';
import { DEMONSTRATION } from '../demonstration.ts';

export default handle('catalog.preview', async (context, { paths, origin }) => {
  const { report } = await planCatalog(context, { paths, origin, takesOver: new Set([DEMONSTRATION]) });
  return report;
});
