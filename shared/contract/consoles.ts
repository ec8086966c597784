/** The part of the contract about which consoles belong together: the organisation, joining it, and who may write in it. */
import { z } from 'zod';
import { FilePath, Named, Time } from './common.ts';
import { OrganisationId } from './hub.ts';

const Name = z.string().trim().min(1, 'a console needs a name, such as War room or Store 112').max(100);
const Reason = z.string().trim().min(1, 'say why in a few words').max(2000);
/** Id of a console, or the beginning of it or of its name that only one has. */
const ConsoleKey = z.string().trim().min(1).max(200);

/** What to do with what is in this console's log already: take it along, or keep it in a folder and begin anew. */
export const Mine = z.enum(['bring', 'aside']);
export type Mine = z.infer<typeof Mine>;

export const FoundOrganisation = z.strictObject({
  name: z.string().trim().min(1, 'an organisation needs a name').max(200),
  /** Its name in the hub's streams; made of the name when not given. */
  organisation: OrganisationId.optional(),
  /** Of this console. */
  console: Name,
  mine: Mine.optional(),
});

/** Where something was done: by whom at which console, when (ms). */
export const Done = z.object({ by: Named, console: Named, at: Time });
export type Done = z.infer<typeof Done>;

export const OrganisationView = z.object({
  organisation: z.object({ id: z.string(), name: z.string(), founded: Done.nullable() }).nullable(),
  /**
   * `alone`: no organisation; `asking`: a request waits; `refused`: it was not granted; `member`; `founder`;
   * `revoked`: what this console writes counts nowhere else.
   */
  standing: z.enum(['alone', 'asking', 'refused', 'member', 'founder', 'revoked']),
  /** One sentence. */
  words: z.string(),
  console: z.object({ id: z.string(), name: z.string(), spoken: z.string() }),
  /** What a joining console would have to decide about: nothing, the demonstration, ops of its own, an organisation. */
  log: z.enum(['empty', 'demonstration', 'own', 'organisation']),
  ops: z.int(),
});
export type OrganisationView = z.infer<typeof OrganisationView>;

export const Invite = z.strictObject({
  /** Hours for which the code can be used. */
  hours: z
    .number()
    .positive()
    .max(24 * 90)
    .default(24),
  /** For whom it is; everybody in the organisation can read it. */
  note: z.string().trim().max(200).optional(),
  /** Writes the code into a file as well, with the certificate of who signed the hub's, when one is set. */
  file: FilePath.optional(),
  /** With `file`: puts this console's way into the hub, its user and secret, in as well. */
  withCredential: z.boolean().default(false),
});

export const Invited = z.object({
  invite: z.string(),
  /** Shown once: empty when the same request is answered again, because nobody keeps it. */
  code: z.string(),
  expires: Time,
  hub: z.string().nullable(),
  /** The file that was written. */
  file: z.string().nullable(),
  withCredential: z.boolean(),
});
export type Invited = z.infer<typeof Invited>;

const CodeSource = {
  /** As it was given out; spaces and lines do not matter. */
  code: z.string().max(5000).optional(),
  /** The file that it came in. */
  file: FilePath.optional(),
};

export const ReadCode = z.strictObject(CodeSource);

export const CodeView = z.object({
  organisation: z.string(),
  invite: z.string(),
  inviter: z.object({ id: z.string(), name: z.string(), spoken: z.string() }),
  expires: Time,
  /** Null when it names none: the request travels as a file. */
  hub: z.string().nullable(),
  /** Whether the file brings what the hub asks for. */
  credential: z.boolean(),
  user: z.string().nullable(),
  /** SHA-256 of the certificate of who signed the hub's, hex; null when the system trusts it. */
  certificate: z.string().nullable(),
  /** Whether the file brings that certificate. */
  certificateHere: z.boolean(),
  /** Why it can't be used here, in one sentence; null when it can. */
  problem: z.string().nullable(),
  log: OrganisationView.shape.log,
  ops: z.int(),
});
export type CodeView = z.infer<typeof CodeView>;

export const Join = z.strictObject({
  ...CodeSource,
  /** Of this console, as the others will know it. */
  name: Name,
  mine: Mine.optional(),
  /** For the hub: an NKEY seed, the content of a .creds file, or a password. Kept on this machine only. */
  credential: z.string().max(20_000).optional(),
  user: z.string().max(200).optional(),
  /** File with the certificate that the code names. */
  ca: FilePath.optional(),
});

export const Joining = z.object({
  organisation: z.string(),
  /** The engine starts again on an empty log and asks then. */
  restarting: z.boolean(),
  /** The folder where what was here is kept. */
  aside: z.string().nullable(),
  /** To be compared over the telephone; they change with `restarting`. */
  spoken: z.string().nullable(),
});
export type Joining = z.infer<typeof Joining>;

export const RequestView = z.object({
  console: z.string(),
  spoken: z.string(),
  name: z.string(),
  /** When it asked by its own clock, and when that reached this console, ms. */
  at: Time,
  arrived: Time,
  organisation: z.string(),
  invite: z.string(),
  note: z.string().nullable(),
  invitedBy: Done.nullable(),
  /** Set when it had been revoked. */
  revoked: z.boolean(),
  /** Why it can't be accepted, in one sentence; null when it can. */
  problem: z.string().nullable(),
});
export type RequestView = z.infer<typeof RequestView>;

const Verdict = z.object({ access: z.enum(['enrolled', 'revoked']), reason: z.string().nullable(), ...Done.shape });

export const ConsoleLine = z.object({
  id: z.string(),
  name: z.string(),
  spoken: z.string(),
  /** `contested`: two sides decided at once; it counts as revoked until somebody settles it. */
  standing: z.enum(['this', 'enrolled', 'revoked', 'contested', 'stranger']),
  founder: z.boolean(),
  /** The newest word on whether it counts; with `contested` each of them. */
  verdicts: z.array(Verdict),
  /** With `revoked` or `contested`: the last of its ops that counts. */
  through: z.int().nullable(),
  heard: Time.nullable(),
  here: z.boolean(),
  offsetMs: z.number().nullable(),
  /** Its newest op here, and how many it says that it has. */
  seq: z.int(),
  /** Ops before its newest one here that are not here. */
  missing: z.int(),
  said: z.int().nullable(),
  /** Its ops that are kept out. */
  keptOut: z.int(),
});
export type ConsoleLine = z.infer<typeof ConsoleLine>;

export const InviteView = z.object({
  invite: z.string(),
  note: z.string().nullable(),
  expires: Time,
  made: Done,
  state: z.enum(['open', 'used', 'expired', 'withdrawn']),
  users: z.array(Named),
});
export type InviteView = z.infer<typeof InviteView>;

export const ConsolesView = z.object({
  organisation: OrganisationView,
  requests: z.array(RequestView),
  consoles: z.array(ConsoleLine),
  /** The newest first. */
  invites: z.array(InviteView),
  hub: z.string().nullable(),
  asOf: Time,
});
export type ConsolesView = z.infer<typeof ConsolesView>;

export const AcceptConsole = z.strictObject({ console: ConsoleKey, name: Name.optional() });
export const RefuseConsole = z.strictObject({ console: ConsoleKey, reason: Reason });
export const RevokeConsole = z.strictObject({
  console: ConsoleKey,
  reason: Reason,
  /** The last of its ops that still counts; the newest that is here when not given. */
  through: z.int().min(0).optional(),
});
export const EnrolConsole = z.strictObject({ console: ConsoleKey, reason: Reason });
export const RenameConsole = z.strictObject({ console: ConsoleKey, name: Name });
export const EndInvite = z.strictObject({
  invite: z.string().min(1).max(100),
  reason: z.string().trim().max(2000).optional(),
});

/** What became of a console, with how many of its ops that had been kept out count now. */
export const ConsoleDone = z.object({ console: z.string(), name: z.string(), taken: z.int() });
