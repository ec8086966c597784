import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('settings.set', (context, input) => {
  if (input.headquartersZone) checkZone(input.headquartersZone);
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
