/** Single sign-on as the contract shows it. */
import type { z } from 'zod';
import type { SsoVerified } from '../../../../shared/contract/access.ts';
import type { SsoView } from '../../../../shared/contract/sso.ts';
import type { Context } from '../../context.ts';
import { named } from '../../names.ts';
import { graceMs, identities, listedLogins } from './identities.ts';

export async function ssoView(context: Context): Promise<SsoView> {
  const { sso } = context.access;
  const { provider, standing } = sso;
  const grace = graceMs(context);
  return {
    provider: provider && { ...provider, scopes: [...provider.scopes] },
    ...{ secret: sso.hasSecret(), tokens: await sso.tokensKept(), ...standing, nextTry: sso.nextTry() },
    hours: context.policies.get('access').value.ssoHours,
    verified: identities(context)
      .filter(({ person }) => sso.verified(person) !== null)
      .map(({ person, login, groups, verifiedAt: at }) => ({
        person: named(context, 'person', person),
        ...{ login, groups: [...groups], at, until: at + grace, asked: sso.hasTokens(person) },
      })),
    logins: [...listedLogins(context)].map(([id, logins]) => ({ person: named(context, 'person', id), logins })),
  };
}

/** What single sign-on says of who is here; null when nobody is, or it says nothing. */
export function verifiedView(context: Context): z.infer<typeof SsoVerified> | null {
  const { sso } = context.access;
  const { person, state, how } = context.session;
  if (person === null || state !== 'unlocked' || how === 'break-glass') return null;
  const identity = sso.verified(person);
  if (!identity) return null;
  return {
    name: sso.provider?.name ?? '',
    ...{ at: identity.verifiedAt, until: identity.verifiedAt + graceMs(context), reachable: sso.standing.reachable },
  };
}
