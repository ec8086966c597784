import { handle } from '../context.ts';
import { lintPolicy, textGiven } from '../policy/view.ts';

export default handle('policy.lint', (_context, input) => {
  const { id, text } = textGiven(input);
  return lintPolicy(id, text);
});
