import { handle } from '../context.ts';
import { findPolicy, policyView } from '../policy/view.ts';

export default handle('policy.show', (context, { policy }) => policyView(context, findPolicy(policy)));
