import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { handToMembers, memberName, putMember } from '../restricted/declare.ts';
import { memberNamed, membersOf } from '../restricted/members.ts';
import { newKey } from '../restricted/share.ts';
import { outsideWords } from '../restricted/words.ts';

export default handle('incident.members', (context, { incident, add, remove, reason }) => {
  const { store } = context;
  const { id } = findIncident(context, incident);
  const known = store.keyring.get(id);
  if (!known?.restricted)
    throw new Refusal('refused', 'This incident is not restricted: everybody reads it. Restrict it first.');
  if (known.keys.length === 0) throw new Refusal('forbidden', outsideWords(store, id));
  const [added, removed] = [add, remove].map((texts) => texts.map((text) => memberNamed(context, text)));
  if (added!.length + removed!.length === 0)
    throw new Refusal('bad_input', 'add: name who is added, or who is removed.');
  const now = membersOf(context, id);
  const isIn = (one: { to: string; id: string }) => now.some(({ to, id }) => to === one.to && id === one.id);
  // A console that got the key through a member can be taken off by name.
  const stranger = removed!.find((one) => !isIn(one) && one.to !== 'console');
  if (stranger)
    throw new Refusal('refused', `${memberName(context, stranger)} is not among those who read this incident.`);
  const left = [...now, ...added!].filter(
    (one) => one.to !== 'console' && !removed!.some(({ to, id }) => to === one.to && id === one.id),
  );
  if (left.length === 0)
    throw new Refusal(
      'refused',
      'Nobody would be left who reads this incident: add somebody, or lift the restriction.',
    );
  return context.commit((tx) => {
    for (const one of added!) putMember(tx, id, one, 'in', reason);
    for (const one of removed!) putMember(tx, id, one, 'out', reason);
    handToMembers(context, tx, id);
    if (removed!.length > 0) newKey(context, tx, id);
    return {};
  });
});
