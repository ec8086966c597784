/** Every console that is known, with its standing, who decided on it, and what was heard of it. */
import type { ConsoleLine, ConsolesView, InviteView } from '../../../shared/contract/consoles.ts';
import { spoken } from '../../../shared/domain/joining/spoken.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { consoleName, doneBy, organisationOf, organisationView, verdictsOn } from './membership.ts';
import { requestView, waitingRequests } from './requests.ts';

export function consolesView(context: Context): ConsolesView {
  const { store, sync, now } = context;
  const { hub, consoles } = sync.view();
  const founder = organisationOf(store)?.founded.console ?? null;
  const keptOut = store.keptOutCounts();
  return {
    organisation: organisationView(context),
    requests: waitingRequests(context).map((asked) => requestView(context, asked)),
    consoles: consoles
      .map(({ id, heard, here, offsetMs, seq, missing, said }): ConsoleLine => {
        const doc = store.entity('console', ESTATE, id)?.doc;
        const verdicts = verdictsOn(store, id);
        const standing =
          id === store.console
            ? 'this'
            : new Set(verdicts.map(({ access }) => access)).size > 1
              ? 'contested'
              : (verdicts[0]?.access ?? 'stranger');
        // A console that joined repeats the word on who invited it: who let a console in is who said so first.
        const shown =
          standing === 'contested'
            ? verdicts
            : doc?.['access'] === 'revoked'
              ? verdicts.slice(-1)
              : verdicts.slice(0, 1);
        return {
          ...{ id, heard, here, offsetMs, seq, missing, said, standing, founder: id === founder },
          name: consoleName(store, id),
          spoken: spoken(id),
          verdicts: shown.map(({ access, reason, done }) => ({ access, reason, ...doneBy(context, done) })),
          through: doc?.['access'] === 'revoked' && typeof doc['through'] === 'number' ? doc['through'] : null,
          keptOut: keptOut.get(id) ?? 0,
        };
      })
      .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1)),
    invites: invites(context),
    hub: hub?.url ?? null,
    asOf: now(),
  };
}

function rank({ standing }: ConsoleLine): number {
  return ['this', 'contested', 'enrolled', 'revoked', 'stranger'].indexOf(standing);
}

function invites(context: Context): InviteView[] {
  const { store } = context;
  const now = context.now();
  return store
    .entities('invite', ESTATE)
    .flatMap(({ id, doc }): InviteView[] => {
      const made = doc['made'] as { console: string; by: string; at: number } | undefined;
      if (!made) return [];
      const users = (doc['users'] as string[] | undefined) ?? [];
      const expires = Number(doc['expires']);
      return [
        {
          invite: id,
          note: typeof doc['note'] === 'string' ? oneLine(doc['note'], 200) : null,
          expires,
          made: doneBy(context, made),
          state:
            users.length > 0 ? 'used' : doc['ended'] !== undefined ? 'withdrawn' : expires < now ? 'expired' : 'open',
          users: users.map((user) => ({ id: user, name: consoleName(store, user) })),
        },
      ];
    })
    .sort((a, b) => b.made.at - a.made.at);
}
