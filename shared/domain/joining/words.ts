/** Consoles in words, for the screen and the command line alike. Pure. */
import type { ConsoleLine, OrganisationView, RequestView } from '../../contract/consoles.ts';
import { oneLine } from '../timeline.ts';

export function logWords(log: OrganisationView['log'], ops: number): string {
  const size = `${ops.toLocaleString('en')} ${ops === 1 ? 'op' : 'ops'}`;
  return {
    empty: 'nothing to decide about',
    demonstration: `the demonstration, ${size}`,
    own: `${size} of its own`,
    organisation: `that of its organisation, ${size}`,
  }[log];
}

export function standingWords({ standing, founder, verdicts, through }: ConsoleLine): string {
  const words = {
    this: verdicts.some(({ access }) => access === 'revoked') ? 'this console, revoked' : 'this console',
    enrolled: 'enrolled',
    revoked: `revoked, ${through === null ? 'nothing' : `up to op ${through.toLocaleString('en')}`} counts`,
    contested: 'contested: counts as revoked',
    stranger: 'not enrolled',
  }[standing];
  return founder ? `${words}, founder` : words;
}

export function verdictWords({ access, reason, by, console }: ConsoleLine['verdicts'][number]): string {
  return `${access} by ${by.name} at ${console.name}${reason === null ? '' : `: ${oneLine(reason, 300)}`}`;
}

/** Who gave out the code that a request was made with. */
export function askedWords({ invitedBy, note, revoked }: RequestView): string {
  const who = invitedBy === null ? '' : `invited by ${invitedBy.by.name} at ${invitedBy.console.name}`;
  const what = [who, note === null ? '' : `for ${oneLine(note, 200)}`].filter(Boolean).join(', ');
  return revoked ? `${what}; it was revoked before` : what;
}
