/** How people, roles and sessions are shown in a terminal. */
import type { Name, Output } from '../../shared/contract/table.ts';
import type { Page } from './page.ts';

type View<K extends Name> = (page: Page, value: Output<K>) => void;

export const session: View<'access.session'> = (
  page,
  { state, person, how, locksAt, may, who, sso, verified, ended },
) => {
  if (state === 'open') {
    page.line('open: nobody has set anything to unlock this console with, so everything is allowed');
    return;
  }
  if (state === 'locked') page.line('locked');
  else
    page.line(
      `unlocked by ${person?.name ?? 'somebody'} (${how}), locks itself ${locksAt === null ? 'never' : page.when(locksAt)}`,
    );
  if (verified !== null)
    page.line(
      `verified by ${verified.name} ${page.when(verified.at)}${verified.reachable === false ? `, which is unreachable: counts until ${page.when(verified.until)}` : ''}`,
    );
  if (ended !== null) page.line(`▲ ${ended}`);
  page.line(`may: ${may.join(', ') || 'nothing'}`);
  if (sso !== null) page.line(`sign in with ${sso.name}: unlock --sso`);
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

const BY = {
  'email-or-name': 'address or user name',
  email: 'address',
  name: 'user name',
  list: 'the list alone',
} as const;

export const sso: View<'sso.show'> = (page, view) => {
  const { provider, secret, tokens, reachable, since, problem, nextTry, hours, verified, logins } = view;
  if (provider === null) {
    page.line('no single sign-on is set: sso set ISSUER CLIENT');
    return;
  }
  const { name, issuer, client, groups, by, scopes, port } = provider;
  page.line(`${name}: ${issuer} as ${client}${secret ? ', with a secret of this console' : ''}`);
  page.line(
    `groups from the claim ${groups}; people by ${BY[by]}${scopes.length > 0 ? `; further scopes ${scopes.join(' ')}` : ''}${port === null ? '' : `; comes back to port ${port}`}`,
  );
  const when = since === null ? '' : ` since ${page.when(since)}`;
  page.line(reachable === null ? 'not asked yet' : reachable ? `answers${when}` : `▲ unreachable${when}: ${problem}`);
  if (nextTry !== null) page.line(`asked again ${page.when(nextTry)}`);
  if (tokens === 'memory')
    page.line('▲ no system keychain: what it is asked with is kept in memory, and gone when the console closes');
  page.line(`while it is unreachable somebody counts for ${hours} h`);
  if (verified.length > 0) page.heading('verified here');
  few(page, verified, [
    { title: 'person', cell: ({ person }) => person.name },
    { title: 'login', cell: ({ login }) => login },
    { title: 'groups', cell: ({ groups: held }) => held.join(', ') },
    { title: 'verified', cell: ({ at }) => page.when(at) },
    { title: 'until', cell: ({ until }) => page.when(until) },
  ]);
  if (logins.length > 0) page.heading('logins given by hand');
  few(page, logins, [
    { title: 'person', cell: ({ person }) => person.name },
    { title: 'logins', cell: ({ logins: theirs }) => theirs.join(', ') },
  ]);
};

/** A table where there is something for it. */
function few<T>(page: Page, rows: readonly T[], columns: Parameters<typeof page.table<T>>[1]): void {
  if (rows.length > 0) page.table(rows, columns);
}
