import { handle } from '../context.ts';
import { applyCatalog, compareCatalog, refuseEmpty } from '../catalog/import.ts';
import { readCatalogFiles } from '../catalog/files.ts';
import { DEMONSTRATION } from '../demonstration.ts';

export default handle('catalog.import', async (context, { paths, origin }) => {
  const catalog = await readCatalogFiles(paths);
  refuseEmpty(catalog, paths);
  // Compared inside the transaction: what is written then rests on the estate as it is at that moment.
  return context.commit((tx) => {
    const plan = compareCatalog(context, catalog, { paths, origin, takesOver: new Set([DEMONSTRATION]) });
    applyCatalog(tx, plan);
    return { ...plan.report, applied: true };
  });
});
