import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { notInTheFuture } from '../incidents/times.ts';
import { named, resolveAll } from '../names.ts';

const isWeb = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);

export default handle('change.record', (context, { title, services, kind, by, url, eventTime }) => {
  if (url && !isWeb(url)) throw new Refusal('bad_input', 'url: a link begins with http:// or https://.');
  const resolved = resolveAll(context, 'service', services);
  const change = newId('c', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'change.record',
      payload: {
        change,
        services: resolved,
        kind,
        title,
        source: 'manual',
        ...(by ? { by } : {}),
        ...(url ? { url } : {}),
      },
      ...notInTheFuture(context, eventTime),
    });
    return {
      id: change,
      name: title,
      kind,
      services: resolved.map((id) => named(context, 'service', id)),
      at: eventTime ?? context.now(),
    };
  });
});
