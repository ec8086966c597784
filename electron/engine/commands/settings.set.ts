import { Refusal } from '../../../shared/contract/spec.ts';
import { holds, missing } from '../access/gate.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('settings.set', (context, input) => {
  if (input.headquartersZone) checkZone(input.headquartersZone);
  const { session } = context;
  if (input.actingAs !== undefined && session.state !== 'open')
    throw new Refusal('refused', 'actingAs: this console is unlocked by each person; unlock it as who you are.');
  const forAll = ['headquartersZone', 'runbookFolders'].find((name) => input[name as keyof typeof input] !== undefined);
  if (forAll !== undefined && !holds(session, 'manage-console', null))
    throw new Refusal('forbidden', missing(context, `Changing ${forAll}`, 'manage-console'));
  const actingAs = input.actingAs ? resolve(context, 'person', input.actingAs) : input.actingAs;
  const changes = Object.fromEntries(Object.entries({ ...input, actingAs }).filter(([, value]) => value !== undefined));
  const settings = { ...context.settings, ...changes };
  context.saveSettings(settings);
  return settings;
});

function checkZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (error) {
    throw new Refusal('bad_input', `headquartersZone: "${zone}" is no time zone; write it like Europe/Vienna.`, {
      cause: error,
    });
  }
}
