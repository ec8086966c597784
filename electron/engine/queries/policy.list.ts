import { POLICY_IDS } from '../../../shared/domain/policy/kinds.ts';
import { handle } from '../context.ts';
import { policyLite } from '../policy/view.ts';

export default handle('policy.list', (context) => POLICY_IDS.map((id) => policyLite(context, id)));
