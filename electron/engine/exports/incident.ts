import type { Exported } from '../../../shared/contract/exports.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import type { Context } from '../context.ts';

export function exportIncident(_context: Context, _input: Parsed<'incident.export'>): Promise<Exported> {
  throw new Refusal('refused', 'Incidents cannot be exported by this version.');
}
