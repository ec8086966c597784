import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('access.add', (context, { name, id: wanted, title, phone, email, team }) => {
  const id = wanted ?? slug(name);
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(id))
    throw new Refusal('bad_input', `id: "${id.slice(0, 60)}" is no id: small letters, digits and . _ -; say --id.`);
  if (context.estate.get('person', id))
    throw new Refusal(
      'refused',
      `There is already a person "${id}" (${context.estate.actorName(id)}); say another --id.`,
    );
  const teams = team === undefined ? [] : [resolve(context, 'team', team)];
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'estate.put',
      payload: {
        kind: 'person',
        id,
        fields: { name, title: title ?? '', phone: phone ?? null, email: email ?? null, teams },
      },
    });
    return { id, name };
  });
});

/** "Ana Kovač" → "ana-kovac". */
function slug(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100);
}
