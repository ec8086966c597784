import { handle } from '../context.ts';

export default handle('digest.read', (context) => {
  context.digest.read(context.now());
  return {};
});
