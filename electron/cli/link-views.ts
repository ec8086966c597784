/** The hub, the link and the other consoles, in a terminal: the same words as on screen. */
import type { HubReport, HubSetting, LinkView } from '../../shared/contract/hub.ts';
import {
  fetchingWords,
  fullWords,
  linkAnswer,
  offsetWords,
  problemWords,
  progressWords,
  sizeWords,
  STATE_WORDS,
  waitingWords,
} from '../../shared/domain/link/words.ts';
import type { Page } from './page.ts';

const MARKS = { healthy: '●', degraded: '▲', failing: '■', unknown: '?', 'early-warning': '◐' } as const;

export function link(page: Page, view: LinkView): void {
  const { health, words } = linkAnswer(view, page.now);
  page.line(page.style(health === 'failing' ? ['bold', 'red'] : 'bold', `${MARKS[health]} ${words}`));
  for (const place of view.places) {
    page.heading(place.kind === 'hub' ? 'hub' : "store's own server");
    page.line(`${place.where}: ${STATE_WORDS[place.state]} since ${page.when(place.since)}`);
    const problem = problemWords(place, page.zone);
    if (problem !== null) page.line(page.style('red', problem));
    const facts = [
      place.roundTripMs === null ? null : `round trip ${place.roundTripMs} ms`,
      place.waiting > 0 ? `to leave: ${waitingWords(place)}` : null,
      place.refilling > 0 ? `it lacks ${place.refilling.toLocaleString('en')} ops of other consoles` : null,
      progressWords(place),
      fetchingWords(place),
      place.messages === null || place.bytes === null
        ? null
        : `it keeps ${place.messages.toLocaleString('en')} messages, ${sizeWords(place.bytes)}`,
      fullWords(place),
    ].filter((fact) => fact !== null);
    if (facts.length > 0) page.line(facts.join(', '));
  }
  if (view.refused.count > 0) {
    page.heading('left out');
    page.line(`${view.refused.count.toLocaleString('en')} messages; the last: ${view.refused.last ?? ''}`);
  }
  page.heading('consoles');
  page.table(view.consoles, [
    { title: 'console', cell: ({ id, name }) => name || id },
    { title: 'access', cell: ({ access }) => (access === 'this' ? 'this console' : access) },
    { title: 'last heard', cell: ({ heard, access }) => (access === 'this' ? '' : page.age(heard)) },
    { title: 'clock', cell: (peer) => offsetWords(peer).words },
    {
      title: 'ops here',
      cell: ({ seq, missing }) =>
        (seq - missing).toLocaleString('en') + (missing === 0 ? '' : ` of ${seq.toLocaleString('en')}`),
      right: true,
    },
  ]);
}

export function hubSetting(page: Page, { url, organisation, credential, edge }: HubSetting): void {
  page.line(
    `The hub is ${url}, the organisation ${organisation}${edge === null ? '' : `, the store's domain ${edge}`}; ${credential ? 'its credential is kept on this machine' : 'without a credential'}.`,
  );
}

export function hubReport(page: Page, { ok, message }: HubReport): void {
  page.line(ok ? `● ${message}` : page.style(['bold', 'red'], `■ ${message}`));
}
