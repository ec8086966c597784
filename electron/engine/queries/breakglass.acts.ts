import { handle } from '../context.ts';
import { actsUnder } from '../grants/acts.ts';
import { findGrant, grantView } from '../grants/view.ts';

export default handle('breakglass.acts', (context, { grant: key }) => {
  const grant = findGrant(context, key);
  return { grant: grantView(context, grant), ...actsUnder(context, grant) };
});
