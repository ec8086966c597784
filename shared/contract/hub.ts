/** The part of the contract about where consoles meet: the hub, the link to it, and the other consoles. */
import { z } from 'zod';
import { FilePath, Time } from './common.ts';

const ADDRESS = /^(nats|tls|ws|wss):\/\/[^\s,/?#@]+$/;

/** One or more addresses of one hub, with commas. */
export const HubAddress = z
  .string()
  .trim()
  .max(2000)
  .refine(
    (text) => text.split(',').every((each) => ADDRESS.test(each.trim())),
    'write the hub as nats://host:4222, tls://host:4222, ws://host:8080 or wss://host:443, several of one cluster with commas',
  );

/** Names an organisation in subjects and streams of its hub. */
export const OrganisationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an organisation is lower-case letters, digits and -, such as acme-retail');

/** Names a server that keeps ops: the hub's domain, or a store's. */
export const PlaceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'a domain is letters, digits, _ and -, such as store-112');

export const LinkState = z.enum(['alone', 'connected', 'late', 'cut-off']);
export type LinkState = z.infer<typeof LinkState>;

/** The link to the hub in short. */
export const LinkStatus = z.object({
  state: LinkState,
  /** Since when it is so, ms. */
  since: Time.nullable(),
  /** Own ops that the hub has not confirmed. */
  waiting: z.int(),
  /** Since when the hub takes this console's credentials no more, ms; null while it does, or was not asked. */
  refusedSince: Time.nullable(),
});
export type LinkStatus = z.infer<typeof LinkStatus>;

/** The link to one place. */
export const PlaceView = z.object({
  /** `hub`, or the domain of the store's server. */
  name: z.string(),
  kind: z.enum(['hub', 'store']),
  where: z.string(),
  state: LinkState.exclude(['alone']),
  /** Since when it is so, ms. */
  since: Time,
  /** One sentence on what is wrong; null when nothing is. */
  problem: z.string().nullable(),
  /** Since when it takes this console's credentials no more, ms. */
  refusedSince: Time.nullable(),
  /** When it will be tried again, ms; null while it is connected. */
  nextTry: Time.nullable(),
  /** Last answer to a probe of ours, ms, and how long it took. */
  heard: Time.nullable(),
  roundTripMs: z.number().nullable(),
  /** Own ops that it has not confirmed. */
  waiting: z.int(),
  /** Ops of other consoles that it lacks and that are sent to it. */
  refilling: z.int(),
  /** The snapshot that is being fetched: bytes so far and in all, the ops in it, when it was made; null when none is. */
  fetching: z.object({ done: z.int(), total: z.int(), ops: z.int(), made: Time }).nullable(),
  /** Messages there that were not read yet, and that were when reading began. */
  behind: z.int(),
  behindAtFirst: z.int(),
  /** Own ops that were not confirmed when sending began. */
  waitingAtFirst: z.int(),
  /** Ops a second that leave and that come in, and how long the rest takes, ms; null when nothing goes on, or not for long. */
  sentPerSecond: z.int().nullable(),
  readPerSecond: z.int().nullable(),
  sentInMs: z.int().nullable(),
  readInMs: z.int().nullable(),
  messages: z.int().nullable(),
  bytes: z.int().nullable(),
  limit: z.int().nullable(),
  replicas: z.int().nullable(),
});
export type PlaceView = z.infer<typeof PlaceView>;

/** What is known of another console's link. */
export const PeerView = z.object({
  id: z.string(),
  name: z.string(),
  access: z.enum(['this', 'enrolled', 'revoked', 'stranger']),
  /** Last sign of life: a greeting, or an op that reached us, ms; null when it was never heard. */
  heard: Time.nullable(),
  /** Whether it greeted within the last minute, or among very many lately enough. */
  here: z.boolean(),
  /** By how much its clock is ahead of ours, ms; negative when behind; null when it was not heard. */
  offsetMs: z.number().nullable(),
  /** Its newest op here, and how many it says that it has. */
  seq: z.int(),
  /** Ops before that one that are not here: it is known in parts, or its newest incidents came first. */
  missing: z.int(),
  said: z.int().nullable(),
});
export type PeerView = z.infer<typeof PeerView>;

export const HubSetting = z.object({
  url: z.string(),
  organisation: z.string(),
  edge: z.string().nullable(),
  domain: z.string(),
  user: z.string().nullable(),
  ca: z.string().nullable(),
  replicas: z.int(),
  /** Whether a secret is kept for it. */
  credential: z.boolean(),
});
export type HubSetting = z.infer<typeof HubSetting>;

export const LinkView = z.object({
  hub: HubSetting.nullable(),
  ...LinkStatus.shape,
  places: z.array(PlaceView),
  consoles: z.array(PeerView),
  /** Messages that were no ops, or not ours, since the console was opened, with why. */
  refused: z.object({ count: z.int(), last: z.string().nullable() }),
  asOf: Time,
});
export type LinkView = z.infer<typeof LinkView>;

export const HubInput = z.strictObject({
  url: HubAddress,
  organisation: OrganisationId,
  edge: PlaceName.nullable().optional(),
  domain: PlaceName.optional(),
  user: z.string().max(200).nullable().optional(),
  /** An NKEY seed, the content of a .creds file, or a password. Kept on this machine only; null forgets it, absent keeps it. */
  credential: z.string().max(20_000).nullable().optional(),
  ca: FilePath.nullable().optional(),
  replicas: z.int().min(1).max(5).optional(),
});

export const HubReport = z.object({
  ok: z.boolean(),
  message: z.string(),
  roundTripMs: z.number().nullable(),
});
export type HubReport = z.infer<typeof HubReport>;
