/** The organisation and its consoles in a terminal. */
import type { Output } from '../../shared/contract/table.ts';
import type {
  CodeView,
  ConsolesView,
  Invited,
  Joining,
  OrganisationView,
  RequestView,
} from '../../shared/contract/consoles.ts';
import { askedWords, logWords, standingWords, verdictWords } from '../../shared/domain/joining/words.ts';
import { offsetWords } from '../../shared/domain/link/words.ts';
import type { Page } from './page.ts';

export function organisation(page: Page, { organisation: own, words, console, log, ops }: OrganisationView): void {
  page.line(page.style('bold', words));
  page.facts([
    ['organisation', own === null ? 'none' : `${own.name} (${own.id})`],
    ...(own?.founded
      ? [
          ['founded', `${page.when(own.founded.at)} at ${own.founded.console.name} by ${own.founded.by.name}`] as [
            string,
            string,
          ],
        ]
      : []),
    ['this console', `${console.name || 'not named'}, ${console.id}`],
    ['its words', console.spoken],
    ['its log', logWords(log, ops)],
  ]);
}

export function invited(page: Page, { code, expires, hub, file, invite, withCredential }: Invited): void {
  page.line(code || 'The code was not kept and cannot be shown again: withdraw it and make another.');
  page.line(
    `It lets one console ask until ${page.when(expires)}${hub === null ? '; there is no hub, so the request comes as a bundle' : `, over ${hub}`}.`,
  );
  if (file !== null) page.line(`It is in ${file}${withCredential ? ', with a secret for the hub' : ''} as well.`);
  page.line(`console uninvite ${invite} withdraws it.`);
}

export function code(page: Page, view: CodeView): void {
  page.line(
    view.problem === null
      ? page.style('bold', `With this code, this console can ask to join ${view.organisation}.`)
      : page.style(['bold', 'red'], view.problem),
  );
  page.facts([
    ['invited by', `${view.inviter.name || view.inviter.id}, whose words are: ${view.inviter.spoken}`],
    ['valid until', page.when(view.expires)],
    ['hub', view.hub ?? 'none: the request travels as a bundle'],
    ...(view.hub === null
      ? []
      : [['its credential', view.credential ? 'is in the file' : 'is not in the code'] as [string, string]]),
    ...(view.certificate === null
      ? []
      : [
          [
            'certificate',
            `${view.certificate}${view.certificateHere ? ' (in the file)' : ': name its file with --ca'}`,
          ] as [string, string],
        ]),
    ['log here', logWords(view.log, view.ops)],
  ]);
}

export function joining(page: Page, value: Joining): void {
  if (value.restarting) {
    page.line(`What is here is put into ${value.aside}; the console begins with an empty log and goes on from there.`);
    page.line('organisation show says how far it is.');
  } else if (value.spoken !== null) {
    page.line(page.style('bold', value.spoken));
    page.line(`These are the words of this console in ${value.organisation}; organisation show says where it stands.`);
  }
}

export function requests(page: Page, list: readonly RequestView[]): void {
  page.table(
    list,
    [
      { title: 'console', cell: ({ console }) => console },
      { title: 'name', cell: ({ name }) => name },
      { title: 'words', cell: ({ spoken }) => spoken },
      { title: 'asked', cell: ({ at }) => page.age(at) },
      { title: '', cell: (request) => request.problem ?? askedWords(request) },
    ],
    'No console asks to join.',
  );
  if (list.some(({ problem }) => problem === null))
    page.line('Compare the words over the telephone, then: console accept CONSOLE, or console refuse CONSOLE REASON.');
}

export function consoles(page: Page, view: ConsolesView): void {
  page.line(page.style('bold', view.organisation.words));
  if (view.requests.length > 0) {
    page.heading('ask to join');
    requests(page, view.requests);
  }
  page.heading('consoles');
  page.table(view.consoles, [
    { title: 'console', cell: ({ id }) => id },
    { title: 'name', cell: ({ id, name }) => (name === id ? '' : name) },
    { title: 'standing', cell: standingWords },
    { title: 'last heard', cell: ({ heard, standing }) => (standing === 'this' ? '' : page.age(heard)) },
    {
      title: 'clock',
      cell: ({ offsetMs, standing }) =>
        offsetWords({ offsetMs, access: standing === 'this' ? 'this' : 'enrolled' }).words,
    },
    { title: 'ops here', cell: ({ seq }) => seq.toLocaleString('en'), right: true },
    { title: 'kept out', cell: ({ keptOut }) => (keptOut === 0 ? '' : keptOut.toLocaleString('en')), right: true },
    {
      title: 'who decided',
      cell: ({ verdicts }) => verdicts.map((one) => `${verdictWords(one)} ${page.when(one.at)}`).join('; '),
    },
  ]);
  const open = view.invites.filter(({ state }) => state === 'open');
  if (open.length === 0) return;
  page.heading('invitations that can be used');
  page.table(open, [
    { title: 'invitation', cell: ({ invite }) => invite },
    { title: 'for', cell: ({ note }) => note ?? '' },
    { title: 'until', cell: ({ expires }) => page.when(expires) },
    { title: 'by', cell: ({ made }) => `${made.by.name} at ${made.console.name}` },
  ]);
}

const VERBS = {
  'console.accept': 'enrolled',
  'console.refuse': 'refused',
  'console.revoke': 'revoked',
  'console.enrol': 'enrolled again',
};

export const decided =
  (name: keyof typeof VERBS) =>
  (page: Page, { name: called, console, taken }: Output<'console.accept'>): void => {
    const took = taken === 0 ? '' : `; ${taken.toLocaleString('en')} of its ops, kept out until now, count`;
    page.line(`${called} (${console}) is ${VERBS[name]}${took}.`);
  };

export function renamed(page: Page, { name, console }: Output<'console.rename'>): void {
  page.line(`Console ${console} is called ${name}.`);
}
