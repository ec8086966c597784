import type { ImportedIncident } from '../../../shared/contract/exports.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';

export function importIncident(_context: Context, _file: string): Promise<ImportedIncident> {
  throw new Refusal('refused', 'Incidents cannot be imported by this version.');
}
