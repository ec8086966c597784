/**
 * Who it is that a provider of single sign-on speaks of. Invariant: one person of the estate or nobody; groups are taken as they
 * are written, and what is no list of words is none.
 */

/** By what a login is found among the estate's people. */
export const LOGIN_BY = ['email-or-name', 'email', 'name', 'list'] as const;
export type LoginBy = (typeof LOGIN_BY)[number];

/** Claims that were checked. */
export type Claims = Readonly<Record<string, unknown>>;

export interface Provider {
  name: string;
  issuer: string;
  client: string;
  /** Claim that names groups. */
  groups: string;
  by: LoginBy;
  scopes: readonly string[];
  port: number | null;
}

export interface Candidate {
  id: string;
  email: string | null;
}

const MOST_GROUPS = 500;
const LONGEST_GROUP = 200;

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** What a login is called: the address, else the user name, else the subject. */
export function loginOf(claims: Claims): string {
  return text(claims['email']) ?? text(claims['preferred_username']) ?? text(claims['sub']) ?? '';
}

/**
 * The person that claims mean.
 * @param listed logins that were given to people by hand; they go before what the estate says
 */
export function personOf(
  claims: Claims,
  by: LoginBy,
  people: Iterable<Candidate>,
  listed: ReadonlyMap<string, readonly string[]>,
): { person: string } | { person: null; why: string } {
  // An address that nobody has shown to be theirs is anybody's.
  const email = claims['email_verified'] === false ? null : text(claims['email']);
  const name = text(claims['preferred_username']);
  const own = [email, name, text(claims['sub'])].filter((login) => login !== null);
  const known = [...people];
  const byList = known.filter(({ id }) =>
    (listed.get(id) ?? []).some((login) => own.some((mine) => same(login, mine))),
  );
  const byEstate = known.filter(
    (one) =>
      ((by === 'email' || by === 'email-or-name') && email !== null && one.email !== null && same(one.email, email)) ||
      ((by === 'name' || by === 'email-or-name') && name !== null && same(one.id, name)),
  );
  const found = byList.length > 0 ? byList : byEstate;
  const login = loginOf(claims);
  if (found.length === 1) return { person: found[0]!.id };
  if (found.length > 1)
    return {
      person: null,
      why: `${login} could be ${found.map(({ id }) => id).join(' or ')}: give the login to one of them.`,
    };
  return { person: null, why: `${login} is nobody of the estate: give the login to a person first.` };
}

/** The groups that a claim names; a path with dots leads into objects. */
export function groupsOf(claims: Claims, claim: string): string[] {
  let value: unknown = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined) {
    value = claims;
    for (const step of claim.split('.'))
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, step)
          ? (value as Record<string, unknown>)[step]
          : undefined;
  }
  const list = Array.isArray(value) ? value : [value];
  const groups = list.flatMap((one) => text(one) ?? []).filter((one) => one.length <= LONGEST_GROUP);
  return [...new Set(groups)].slice(0, MOST_GROUPS).sort();
}

/** Scheme, host and what follows, of an address with a host that has no user, query or fragment. */
const ISSUER = /^(https?:)\/\/(\[[\da-f:.]+\]|[^\s/?#@:[\]]+)(?::\d{1,5})?(?:\/[^\s?#]*)?$/i;

/** Why an issuer cannot be one; null when it can: `https`, or `http` on this machine itself. */
export function issuerProblem(issuer: string): string | null {
  if (/^https?:\/\/[^\s]*[?#@]/i.test(issuer)) return 'an issuer has no user, ? or # part';
  const parts = ISSUER.exec(issuer);
  if (parts === null)
    return /^[a-z][a-z\d+.-]*:\/\//i.test(issuer) && !/^https?:/i.test(issuer)
      ? 'an issuer begins with https://'
      : 'write the issuer as the provider does, such as https://login.example/tenant';
  return isSafe({ protocol: parts[1]!.toLowerCase(), hostname: parts[2]!.toLowerCase() })
    ? null
    : 'an issuer begins with https://';
}

/** Whether a browser or a token may be sent there. */
export function isSafe({ protocol, hostname }: { readonly protocol: string; readonly hostname: string }): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
