import { ESTATE_KINDS, type EstateKind } from '../../../shared/domain/estate.ts';
import type { Estate } from '../../../shared/domain/catalog/write.ts';
import { handle } from '../context.ts';
import { exportCatalog } from '../catalog/export.ts';

export default handle('catalog.export', (context, { directory }) => {
  const kinds = Object.keys(ESTATE_KINDS) as EstateKind[];
  const estate = Object.fromEntries(
    kinds.map((kind) => [kind, [...context.estate.all(kind).values()]]),
  ) as unknown as Estate;
  return exportCatalog(estate, directory);
});
