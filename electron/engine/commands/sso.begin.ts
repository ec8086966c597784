import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';

export default handle('sso.begin', async (context) => {
  const { access, caller } = context;
  if (caller === null || caller.kind === 'board')
    throw new Refusal('refused', 'Only a window of the console or a command line can be unlocked.');
  const { url, opened, ...begun } = await access.sso.begin(caller);
  return { ...begun, name: access.sso.provider?.name ?? '', url: opened ? null : url };
});
