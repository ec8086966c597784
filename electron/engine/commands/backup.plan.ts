import { accessSync, constants, mkdirSync } from 'node:fs';
import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';

export default handle('backup.plan', (context, input) => {
  if (input.directory) checkFolder(input.directory);
  const plan = {
    directory: input.directory === undefined ? context.record.plan.directory : input.directory,
    everyMinutes: input.everyMinutes ?? context.record.plan.everyMinutes,
  };
  context.record.setPlan(plan);
  return plan;
});

function checkFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Refusal('bad_input', `directory: ${directory} can't be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
