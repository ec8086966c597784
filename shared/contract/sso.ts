/**
 * Single sign-on in the contract. Invariant: no token, code or client secret is in an answer, and none but the client's secret,
 * which is asked for, goes in.
 */
import { z } from 'zod';
import { LOGIN_BY } from '../domain/access/sso.ts';
import { Secret, SsoReachable as reachable } from './access.ts';
import { EntityId, Named, Time } from './common.ts';

const reason = z.string().trim().max(20_000).optional();
const word = z.string().trim().min(1).max(200);

export const SetSso = z.strictObject({
  /** As the provider calls itself; what is below it is found by discovery. */
  issuer: z.string().trim().min(1).max(500),
  client: word,
  /** What people call it: "Sign in with …". */
  name: word.max(60).optional(),
  /** The claim that names groups; a path with dots where it lies deeper. */
  groups: word.optional(),
  /** By what a login is one of the estate's people, besides the list. */
  by: z.enum(LOGIN_BY).optional(),
  /** Asked for besides openid, profile, email and offline_access. */
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'a scope is one word'))
    .max(20)
    .optional(),
  /** Where the browser comes back to on this machine, for a provider that knows one port only; null: any. */
  port: z.int().min(1024).max(65_535).nullable().optional(),
  reason,
});
export const SetSsoSecret = z.strictObject({
  /** Kept on this machine only. */
  secret: Secret,
});
export const MatchLogins = z.strictObject({
  person: EntityId,
  /** As the provider names them: an address, a user name or a subject; none: the person is found by the estate alone. */
  logins: z.array(z.string().trim().min(1).max(200)).max(20).default([]),
});

export const SsoProvider = z.object({
  name: z.string(),
  issuer: z.string(),
  client: z.string(),
  groups: z.string(),
  by: z.enum(LOGIN_BY),
  scopes: z.array(z.string()),
  port: z.int().nullable(),
});

export const SsoView = z.object({
  provider: SsoProvider.nullable(),
  /** Whether a client's secret is kept here. */
  secret: z.boolean(),
  /** Where tokens are kept; `memory`: only as long as the console is open, because there is no keychain. */
  tokens: z.enum(['keychain', 'memory']),
  reachable,
  /** Since when that is so, ms. */
  since: Time.nullable(),
  /** One sentence on what is wrong. */
  problem: z.string().nullable(),
  nextTry: Time.nullable(),
  /** How long somebody counts who cannot be asked about, hours. */
  hours: z.number(),
  /** Who signed in here and still counts. */
  verified: z.array(
    z.object({
      person: Named,
      login: z.string(),
      groups: z.array(z.string()),
      at: Time,
      until: Time,
      /** Whether anything is kept by which the provider can be asked again. */
      asked: z.boolean(),
    }),
  ),
  logins: z.array(z.object({ person: Named, logins: z.array(z.string()) })),
});
export type SsoView = z.infer<typeof SsoView>;

export const SignIn = z.object({
  attempt: z.string(),
  name: z.string(),
  /** To be opened by hand; null when the browser was opened. */
  url: z.string().nullable(),
  /** Why the browser was not opened; null when it was, or when nobody tried. */
  problem: z.string().nullable(),
  /** How long it is waited for, ms. */
  until: Time,
});
export const BySignIn = z.strictObject({ attempt: z.string().min(1).max(100) });

export const SsoTest = z.object({ ok: z.boolean(), message: z.string() });
