import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';

export default handle('hub.forget', async ({ sync }) => {
  if (!sync.config) throw new Refusal('refused', 'There is no hub to forget: this console is alone already.');
  await sync.configure(null);
  return {};
});
