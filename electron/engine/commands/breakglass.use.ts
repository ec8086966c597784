import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { takeCode } from '../grants/codes.ts';
import { openGrant, scopeOf, wantedOf } from '../grants/open.ts';
import { prove } from '../grants/prove.ts';
import { maySecond } from '../grants/view.ts';
import { newId } from '../incidents/ids.ts';
import { resolve } from '../names.ts';

export default handle('breakglass.use', async (context, { code, passphrase, second, ...rest }) => {
  const { secondCode, secondPassphrase, ...input } = rest;
  const { ways } = context.policies.get('breakglass').value;
  const wanted = wantedOf(context, input);
  const grant = newId('b', context.now());
  if (second === undefined) {
    if (!ways.code) throw new Refusal('refused', 'The policy opens nothing by sealed codes.');
    if (code === undefined)
      throw new Refusal('bad_input', 'code: type a sealed code, or name a second person who is here.');
    const { sheet, code: spent } = await takeCode(context, code, null);
    const more = wanted.capabilities.filter((one) => !sheet.capabilities.includes(one));
    if (more.length > 0)
      throw new Refusal('refused', `This code opens ${sheet.capabilities.join(', ')}; not ${more.join(', ')}.`);
    if (wanted.minutes > sheet.longestMinutes)
      throw new Refusal('refused', `This code opens for ${sheet.longestMinutes} minutes at most.`);
    return openGrant(context, grant, scopeOf(wanted), wanted, { way: 'code', codes: [spent], witness: null });
  }
  if (!ways.twoPersons) throw new Refusal('refused', 'The policy opens nothing by two people.');
  const witness = resolve(context, 'person', second);
  if (witness === wanted.holder) throw new Refusal('refused', 'second: two different people are needed.');
  if (!maySecond(context, witness))
    throw new Refusal(
      'forbidden',
      `second: the policy does not let ${context.estate.actorName(witness)} be the second person.`,
    );
  const codes = [
    ...(await prove(context, wanted.holder, { code, passphrase }, 'holder')),
    ...(await prove(context, witness, { code: secondCode, passphrase: secondPassphrase }, 'second')),
  ];
  return openGrant(context, grant, scopeOf(wanted), wanted, { way: 'two-persons', codes, witness });
});
