import { Refusal } from '../../../shared/contract/spec.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { writeSheet } from '../exports/sheet.ts';
import { seenNow } from '../grants/clock.ts';
import { makeCodes } from '../grants/codes.ts';
import { limitsOf } from '../grants/view.ts';
import { newId } from '../incidents/ids.ts';
import { resolve } from '../names.ts';

const DAY_MS = 86_400_000;

export default handle('breakglass.prepare', async (context, input) => {
  const { count, label, to, format, replace } = input;
  const { limits } = limitsOf(context);
  const capabilities = input.capabilities ?? limits.capabilities;
  const never = capabilities.filter((one) => !limits.capabilities.includes(one));
  if (never.length > 0)
    throw new Refusal('refused', `capabilities: the policy never gives ${never.join(', ')} in an emergency.`);
  const minutes = input.minutes ?? limits.longestMinutes;
  if (minutes > limits.longestMinutes)
    throw new Refusal('refused', `minutes: the policy allows ${limits.longestMinutes} at most.`);
  const person = input.person === undefined ? null : resolve(context, 'person', input.person);
  const sheet = newId('s', context.now());
  const expiresAt = seenNow(context) + limits.codesDays * DAY_MS;
  const codes = await makeCodes(context, sheet, count);
  const zone = context.settings.headquartersZone ?? context.zone;
  const who = person === null ? null : context.estate.actorName(person);
  // Written down first: a sheet on paper that the log does not know would be worth nothing when it is needed.
  const { expires } = context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'breakglass.codes',
      payload: {
        ...{ sheet, label, person, capabilities, longestMinutes: minutes, expiresAt },
        codes: codes.map(({ entry }) => entry),
      },
    });
    return { sheet, expires: expiresAt };
  });
  const use =
    who === null
      ? `Each opens ${capabilities.join(', ')} for at most ${minutes} minutes, once.`
      : `Each proves once that ${who} is there, as one of two people. Alone it opens nothing.`;
  const printed = await writeSheet(
    context,
    null,
    {
      kind: 'Sealed codes',
      title: label,
      sections: [
        {
          title: 'When everything else is down',
          blocks: [
            { is: 'text', text: use },
            {
              is: 'text',
              text: `At any console of the organisation: Ctrl+K, "Break glass" (or on the lock screen). Cut off one code, type it, give the reason. It works with no network. Good until ${formatWhen(expires, zone, context.now())}.`,
            },
            {
              is: 'text',
              text: 'Everybody is told, everything that is done is listed, and somebody else reviews it. Keep this sheet sealed; report a broken seal, and the codes are made void.',
            },
          ],
        },
        {
          title: 'Codes',
          blocks: [
            {
              is: 'table',
              columns: ['', 'Code', 'Used by', 'When'],
              rows: codes.map(({ text }, index) => [
                { text: String(index + 1) },
                { text, style: 'strong' as const },
                { text: '' },
                { text: '' },
              ]),
            },
          ],
        },
      ],
    },
    { to, format, replace },
  );
  return { sheet, ...printed, codes: codes.length, expiresAt };
});
