import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { organisationOf } from '../joining/membership.ts';
import { hubConfig } from '../sync/configure.ts';

export default handle('hub.set', async ({ store, sync }, { credential, ...input }) => {
  const own = organisationOf(store);
  if (own && own.id !== input.organisation)
    throw new Refusal(
      'bad_input',
      `organisation: this console belongs to ${own.id}; the streams of ${input.organisation} are another organisation's.`,
    );
  await sync.configure(hubConfig(sync.config, input), credential);
  return sync.view().hub!;
});
