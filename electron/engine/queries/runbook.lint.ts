import { handle } from '../context.ts';
import { readRunbooks } from '../runbooks/files.ts';

export default handle('runbook.lint', ({ runbooks }, { paths }) => {
  const files = readRunbooks(paths.length > 0 ? paths : runbooks.files());
  const problems = files.flatMap((file) => file.problems);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return {
    files: files.map(({ file, id, title, steps, problems: own }) => ({
      ...{ file, id, title },
      steps: steps.length,
      problems: own,
    })),
    errors,
    warnings: problems.length - errors,
    ok: errors === 0,
  };
});
