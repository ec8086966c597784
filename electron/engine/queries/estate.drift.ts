import { handle } from '../context.ts';
import { driftView } from '../estate/drift.ts';

export default handle('estate.drift', (context, { all, limit }) => driftView(context, all, limit));
