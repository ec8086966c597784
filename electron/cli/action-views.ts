/** How actions and their endpoints are shown in a terminal: what is so and what is next, before the request itself. */
import type { ActionPreview, ActionView, EndpointView } from '../../shared/contract/actions.ts';
import { named, type Page } from './page.ts';

const MARKS: Record<ActionView['state'], string> = {
  proposed: '☐ proposed',
  approved: '☑ approved',
  refused: '– refused',
  withdrawn: '– withdrawn',
  waiting: '! waits',
  running: '▣ running',
  unknown: '? answer lost',
  failed: '✗ failed',
  done: '☑ done',
};

const approvers = ({ guard, mayApprove }: Pick<ActionView, 'guard' | 'mayApprove'>): string =>
  mayApprove.length === 0
    ? `${guard.who}; nobody here is`
    : mayApprove
        .map((one) => `${named(one)} (${[one.as, one.phone ?? one.email].filter(Boolean).join(', ')})`)
        .join('; ');

const undone = (reversible: boolean | null): string => (reversible === true ? 'can be undone' : 'cannot be undone');

function request(page: Page, { method, url, headers, body }: ActionView['request']): void {
  page.heading('the request');
  page.line(`${method} ${url}`);
  for (const [name, value] of headers) page.line(`${name}: ${value}`);
  if (body !== '') page.line().prose(body, '');
}

export function actionList(page: Page, list: readonly ActionView[]): void {
  page.table(
    list,
    [
      { title: 'incident', cell: ({ incident }) => incident.label },
      { title: 'state', cell: ({ state }) => MARKS[state] },
      { title: 'id', cell: ({ id }) => id.slice(-8) },
      { title: 'action', cell: ({ title }) => title },
      {
        title: 'what is next',
        cell: (action) =>
          action.state === 'proposed' && action.guard.approvals > 0
            ? `${action.message} ${approvers(action)}`
            : action.message,
      },
    ],
    'No action is open.',
  );
}

export function action(page: Page, value: ActionView): void {
  page.line(`${MARKS[value.state]}  ${value.title}`);
  page.line(value.message);
  page.facts([
    ['incident', value.incident.label],
    ['action', value.id],
    ['step', value.step?.title ?? null],
    ['effect', value.effect],
    ['risk', `${value.risk.replaceAll('-', ' ')}, ${undone(value.reversible)}`],
    ['reach', value.reach.text],
    [
      'proposed',
      `${named(value.proposedBy)}, ${page.when(value.proposedAt)}${value.reason ? `: ${value.reason}` : ''}`,
    ],
    ['may approve', value.state === 'proposed' && value.guard.approvals > 0 ? approvers(value) : null],
    ['you', value.you.run],
  ]);
  if (value.approvals.length > 0) {
    page.heading('approvals');
    for (const { by, as, at, expiresAt, void: why, reason } of value.approvals)
      page.line(
        `${named(by)}, ${as}, ${page.when(at)}${reason ? `: ${reason}` : ''}; ${why === null ? `until ${page.when(expiresAt)}` : `does not count: ${why}`}`,
      );
  }
  if (value.refusal)
    page.line(`Refused by ${named(value.refusal.by)}, ${page.when(value.refusal.at)}: ${value.refusal.reason}`);
  if (value.attempts.length + value.tries.length > 0) {
    page.heading('what was sent');
    for (const { at, by, ok, message } of value.tries)
      page.line(`${page.when(at)}  dry run by ${named(by)}, ${ok ? 'went through' : 'failed'}: ${message}`);
    for (const { at, by, state, message, body } of value.attempts) {
      page.line(`${page.when(at)}  ${MARKS[state]}, by ${named(by)}: ${message}`);
      if (body !== '') page.prose(body);
    }
  }
  if (value.settled)
    page.line(
      `${named(value.settled.by)}, ${page.when(value.settled.at)}: it ${value.settled.state === 'done' ? 'happened' : 'did not happen'}: ${value.settled.reason}`,
    );
  for (const text of value.waiting?.changed ?? []) page.line(`! ${text}`);
  request(page, value.request);
}

export function actionPreview(page: Page, value: ActionPreview): void {
  page.line(value.title);
  page.facts([
    ['effect', value.effect],
    ['risk', `${value.risk.replaceAll('-', ' ')}, ${undone(value.reversible)}`],
    ['reach', value.reach.text],
    ['guard', value.guard.why.join(' ')],
    ['approvals', value.guard.approvals === 0 ? 'none, one confirmation' : String(value.guard.approvals)],
    ['may approve', value.guard.approvals === 0 ? null : approvers(value)],
    ['dry run', value.dryRun === null ? null : `${value.dryRun.method} ${value.dryRun.url}`],
  ]);
  if (value.inputs.length > 0) {
    page.heading('it asks for');
    page.table(value.inputs, [
      { title: '', cell: ({ name }) => `--inputs.${name}` },
      { title: '', cell: ({ title }) => title },
      { title: '', cell: ({ example }) => (example === '' ? '' : `such as ${example}`) },
    ]);
  }
  if (value.missing !== null) page.line().line(value.missing);
  if (value.request) request(page, value.request);
}

export function endpointList(page: Page, list: readonly EndpointView[]): void {
  page.table(
    list,
    [
      { title: 'endpoint', cell: ({ id }) => id },
      { title: 'title', cell: ({ id, title }) => (title === id ? '' : title) },
      { title: 'address', cell: ({ url }) => url },
      { title: 'credential', cell: ({ credential }) => (credential ? 'kept' : 'none') },
      { title: '', cell: ({ unencrypted }) => (unencrypted ? '! not encrypted on the way' : '') },
      {
        title: 'connection',
        cell: ({ reachable, triedAt, message }) =>
          reachable === null ? 'not tried' : `${reachable ? '●' : '■'} ${message} ${page.age(triedAt)}`,
      },
    ],
    'No endpoint yet: endpoint add NAME ADDRESS.',
  );
}
