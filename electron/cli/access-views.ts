/** How people, roles and sessions are shown in a terminal. */
import type { Name, Output } from '../../shared/contract/table.ts';
import type { Page } from './page.ts';

type View<K extends Name> = (page: Page, value: Output<K>) => void;

export const session: View<'access.session'> = (page, { state, person, how, locksAt, may, who }) => {
  if (state === 'open') {
    page.line('open: nobody has set anything to unlock this console with, so everything is allowed');
    return;
  }
  if (state === 'locked') page.line('locked');
  else
    page.line(
      `unlocked by ${person?.name ?? 'somebody'} (${how}), locks itself ${locksAt === null ? 'never' : page.when(locksAt)}`,
    );
  page.line(`may: ${may.join(', ') || 'nothing'}`);
  if (who.length > 0) page.heading('can unlock this console');
  page.table(who, [
    { title: 'person', cell: ({ name }) => name },
    { title: 'id', cell: ({ id }) => id },
    { title: 'with', cell: ({ kind }) => (kind === 'pin' ? 'PIN' : kind) },
    { title: '', cell: ({ waitUntil }) => (waitUntil === null ? '' : `wait until ${page.when(waitUntil)}`) },
  ]);
};

export const access: View<'access.show'> = (page, { people, others, contested }) => {
  page.table(people, [
    { title: 'person', cell: ({ name }) => name },
    { title: 'id', cell: ({ id }) => id },
    {
      title: 'roles',
      cell: ({ roles }) => roles.map(({ id, because }) => `${id} (${because})`).join(', ') || 'none',
    },
    {
      title: 'unlocks with',
      cell: ({ secret }) =>
        secret === null
          ? ''
          : `${secret.kind === 'pin' ? 'PIN' : secret.kind}, ${page.when(secret.setAt)}${secret.failures > 0 ? `, ${secret.failures} wrong` : ''}`,
    },
  ]);
  if (others > 0) page.line(`${others} more with what everybody has; --all lists them.`);
  for (const { holder, role } of contested)
    page.line(
      `▲ consoles disagree whether ${holder} has the role ${role}: it does not count until somebody says again.`,
    );
};

export const roles: View<'access.roles'> = (page, { roles: list, people }) => {
  page.table(list, [
    { title: 'role', cell: ({ id }) => id },
    { title: 'may', cell: ({ may }) => may.join(', ') || 'nothing' },
    {
      title: 'held by',
      cell: ({ id, everybody, groups }) =>
        [
          ...(everybody ? ['everybody'] : []),
          ...groups.map(({ to, name }) => `${to} ${name}`),
          ...people
            .filter((one) => one.roles.some((role) => role.id === id && role.because !== 'everybody has it'))
            .map(({ name }) => name),
        ].join(', ') || 'nobody',
    },
  ]);
};

export const check: View<'access.check'> = (page, { person, message, rights }) => {
  if (message !== '') page.line(message);
  else
    page.table(rights, [
      { title: `${person.name} may`, cell: ({ capability }) => capability },
      { title: 'by', cell: ({ because }) => because },
      {
        title: '',
        cell: ({ until, incident }) =>
          [incident === null ? '' : `in ${incident.name}`, until === null ? '' : `until ${page.when(until)}`]
            .join(' ')
            .trim(),
      },
    ]);
};
