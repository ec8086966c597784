import { Refusal } from '../../../shared/contract/spec.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { readOutcome } from '../../../shared/ops/outcome.ts';
import { mustBeSettled } from '../cleanup/items.ts';
import { registerOf } from '../conflicts/registers.ts';
import { aboutOf, findConflict, settling, wordsOf } from '../conflicts/view.ts';
import { handle } from '../context.ts';
import stepHandler from './incident.step.ts';

export default handle('conflict.settle', async (context, input) => {
  const match = findConflict(context, input);
  const { found, head } = match;
  const { row, conflict } = found;
  const about = aboutOf(context, found);
  const needs = registerOf(row, conflict)?.needs;
  if (needs !== undefined && !context.session.capabilities.has(needs))
    throw new Refusal('forbidden', `To settle ${about} needs the capability "${needs}".`);
  const unseen = input.seen === undefined ? [] : conflict.heads.filter(({ op }) => !input.seen!.includes(op));
  if (unseen.length > 0) {
    const came = unseen
      .map(({ value, actor }) => `${wordsOf(context, found, value)} by ${context.estate.actorName(actor)}`)
      .join(', ');
    throw new Refusal('refused', `Another answer on ${about} came meanwhile: ${came}. Look again, then keep one.`);
  }
  const others = conflict.heads.filter(({ op }) => op !== head.op);
  const over = others.map(
    ({ value, actor }) => `${wordsOf(context, found, value)} by ${context.estate.actorName(actor)}`,
  );
  const said = input.reason ?? head.reason;
  const reason = oneLine(`${said ? `${said} – ` : ''}kept over ${over.join(', ')}`, 2000);
  const kept = wordsOf(context, found, head.value);
  const settled = { about, kept, over };
  const incident = context.incidents.get(row.scope);
  if (conflict.field === 'status' && head.value === 'closed' && incident) mustBeSettled(context, incident);
  const run = row.kind === 'run' ? row : null;
  if (run && run.doc['ended'] === undefined) {
    // What lets a step be done lets it be kept as done, too: an approval is nobody else's to give.
    const { state, branch } = readOutcome(head.value);
    await stepHandler(context, {
      ...{ incident: run.scope, run: run.id, step: conflict.field.slice('step:'.length), state, reason },
      ...(branch === null ? {} : { branch }),
      overrule: state === 'done',
    });
    return settled;
  }
  const draft = settling(context, match, reason);
  return context.commit((tx) => {
    tx.append(draft);
    return settled;
  });
});
