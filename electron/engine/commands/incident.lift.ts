import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { outsideWords } from '../restricted/words.ts';

export default handle('incident.lift', (context, { incident, reason }) => {
  const { store } = context;
  const { id } = findIncident(context, incident);
  const known = store.keyring.get(id);
  if (!known?.restricted) throw new Refusal('refused', 'This incident is not restricted.');
  if (known.keys.length === 0) throw new Refusal('forbidden', outsideWords(store, id));
  return context.commit((tx) => {
    const keys = store.keyring.secretsOf(id).map(({ key, secret }) => ({ key, secret: secret.toString('base64url') }));
    tx.append({ scope: id, type: 'incident.lift', payload: { keys, reason } });
    return {};
  });
});
