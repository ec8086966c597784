/**
 * The composer's language: plain text is a note, a slash begins a command. Invariant: what Enter will do is told before
 * it is pressed (`tells`), and a line that is not understood is refused with what to write instead, never sent as
 * something else and never lost.
 */
import { roleName } from './timeline.ts';
import { DAY, formatDuration, formatWhen, MINUTE, parseDuration, takeWhen } from './times.ts';
import { SEVERITIES, STATUSES } from './orders.ts';
import { parseUntil } from './people/until.ts';
import {
  RESPONSE_LEVELS,
  RESPONSE_MODELS,
  responseName,
  type ResponseLevel,
  type ResponseModel,
} from './policy/words.ts';
import { AUDIENCE_NAMES, audienceOf, AUDIENCES } from './updates/audiences.ts';
import type { Audience, Role, Severity, SoleRole, Status } from './words.ts';

/** Something that can be named in a line. */
export interface Nameable {
  id: string;
  name: string;
  /** Shown quietly beside the name: a title, a team, a health. */
  hint?: string;
}

/** What a line can refer to. Times are ms, `zone` is the author's. */
export interface ComposerContext {
  people: readonly Nameable[];
  /** Of the estate and of the incident; the hint says who catches what is asked of them. */
  teams: readonly Nameable[];
  services: readonly Nameable[];
  businessServices: readonly Nameable[];
  runbooks: readonly Nameable[];
  severity: Severity;
  status: Status;
  zone: string;
  now: number;
}

/** What a line asks for; the members are those of the command's input. */
export type ComposerAction =
  | { do: 'say'; text: string; eventTime?: number }
  | { do: 'decide'; text: string; reason?: string; eventTime?: number }
  | { do: 'ask'; text: string; owner: string | null; minutes: number | null }
  | { do: 'severity'; severity: Severity; reason?: string }
  | { do: 'model'; model?: ResponseModel; level?: ResponseLevel; reason?: string }
  | { do: 'state'; status: Status; reason?: string }
  | { do: 'role'; role: Role; person: string | null; subject?: string; reason?: string }
  | { do: 'propose'; text: string; ask: string[]; reason?: string }
  | { do: 'object'; person?: string; objection?: string }
  | { do: 'handover'; to: string; roles: SoleRole[] }
  | { do: 'team'; name: string; lead: string; members: string[] }
  | { do: 'away'; person: string; until: string; reason?: string }
  | { do: 'present' }
  | { do: 'undo' }
  | { do: 'release'; role: Role; person: string; reason?: string }
  | { do: 'title'; title: string }
  | { do: 'started'; startedAt: number; reason?: string }
  | { do: 'affect'; services: string[]; businessServices: string[] }
  | { do: 'run'; runbook: string }
  /** Asks for the files. */
  | { do: 'attach'; text?: string }
  /** Opens the words of an update. */
  | { do: 'update'; audience: Audience };

export type Composed =
  | {
      ok: true;
      action: ComposerAction;
      /** What Enter does: "Ask Ana Kovač, 10 min: check the queue depth". */
      tells: string;
      /** What a good commander would still add. */
      advice: string | null;
    }
  | {
      ok: false;
      /** One sentence; null while there is nothing to complain of. */
      message: string | null;
    };

export interface Suggestion {
  /** Replaces the text from `from` to `to`. */
  insert: string;
  label: string;
  hint: string;
}

export interface Suggestions {
  from: number;
  to: number;
  options: Suggestion[];
}

interface CommandWord {
  word: string;
  also: readonly string[];
  usage: string;
  does: string;
}

/** The commands, in the order in which they are offered. */
export const COMPOSER_COMMANDS: readonly CommandWord[] = [
  { word: 'ask', also: ['a'], usage: '/ask @who 10m what', does: 'one task, one owner, one clock' },
  { word: 'decide', also: ['d', 'decision'], usage: '/decide what because why', does: 'record a decision' },
  {
    word: 'propose',
    also: ['p', 'objections'],
    usage: '/propose @who what because why',
    does: 'ask for strong objections, then decide',
  },
  { word: 'object', also: ['objection'], usage: '/object @who why', does: 'answer a proposal; - for no objection' },
  { word: 'note', also: ['n'], usage: '/note text', does: 'write in the timeline, as plain text does' },
  { word: 'attach', also: ['evidence', 'file'], usage: '/attach what it shows', does: 'attach a file' },
  { word: 'at', also: [], usage: '/at 14:05 text', does: 'write what happened earlier' },
  { word: 'sev', also: ['severity'], usage: '/sev 1 reason', does: 'set the severity' },
  {
    word: 'model',
    also: ['level', 'response'],
    usage: '/model command reason',
    does: 'how it is answered; alone, as proposed',
  },
  { word: 'state', also: ['status'], usage: '/state monitoring', does: 'set the state' },
  { word: 'role', also: ['assign'], usage: '/role comms @who', does: 'give a role to somebody' },
  { word: 'handover', also: ['handoff'], usage: '/handover @who', does: 'ask somebody to take command, or a role' },
  { word: 'team', also: [], usage: '/team Payments @who', does: 'form a team with a lead' },
  { word: 'away', also: [], usage: '/away @who 3d holiday', does: 'say until when somebody cannot be asked' },
  { word: 'here', also: [], usage: '/here', does: 'say that you are here' },
  { word: 'undo', also: ['back'], usage: '/undo', does: 'take back what you did in the last minute' },
  { word: 'run', also: ['runbook'], usage: '/run checkout-slowdown', does: 'start a runbook' },
  { word: 'update', also: ['tell'], usage: '/update execs', does: 'write an update' },
  { word: 'affect', also: ['affects'], usage: '/affect checkout-api', does: 'add a service that is hurt' },
  { word: 'started', also: ['start'], usage: '/started 13:40 reason', does: 'correct when it began' },
  { word: 'title', also: [], usage: '/title new title', does: 'change the title' },
];

const MAX_TEXT = 20_000;
const MAX_TITLE = 500;
const TIME_BOXES = ['5m', '10m', '15m', '30m', '1h'];
const ROLE_WORDS: readonly { word: string; role: Role }[] = [
  { word: 'commander', role: 'commander' },
  { word: 'ic', role: 'commander' },
  { word: 'deputy', role: 'deputy' },
  { word: 'comms', role: 'communications' },
  { word: 'communications', role: 'communications' },
  { word: 'ops', role: 'operations' },
  { word: 'operations', role: 'operations' },
  { word: 'scribe', role: 'scribe' },
  { word: 'expert', role: 'subject-expert' },
  { word: 'subject-expert', role: 'subject-expert' },
  { word: 'exec', role: 'executive-liaison' },
  { word: 'executive-liaison', role: 'executive-liaison' },
  { word: 'business', role: 'business-owner' },
  { word: 'business-owner', role: 'business-owner' },
  { word: 'stores', role: 'store-liaison' },
  { word: 'store-liaison', role: 'store-liaison' },
  { word: 'governance', role: 'governance' },
];
/** One word for each role: the one that is offered. */
function roleWords(begin = ''): { word: string; role: Role }[] {
  const seen = new Set<Role>();
  return ROLE_WORDS.filter(({ word, role }) => word.startsWith(begin) && !seen.has(role) && seen.add(role));
}
const NOBODY = ['-', '–', 'nobody', 'none'];

const refuse = (message: string | null): Composed => ({ ok: false, message });
const will = (action: ComposerAction, tells: string, advice: string | null = null): Composed => ({
  ok: true,
  action,
  tells,
  advice,
});
const reasoned = (reason: string) => (reason === '' ? {} : { reason });
const because = (reason: string) => (reason === '' ? '' : `, because: ${reason}`);

/** What a line means. */
export function compose(line: string, context: ComposerContext): Composed {
  const text = line.trim();
  if (text === '') return refuse(null);
  if (text.length > MAX_TEXT)
    return refuse(
      `${text.length.toLocaleString('en')} characters are too many for one entry; ${MAX_TEXT.toLocaleString('en')} fit.`,
    );
  // A space in front of the slash, or a second slash, makes it plain text: "/var is full" is worth writing down.
  if (!line.startsWith('/')) return say(text);
  if (line.startsWith('//')) return say(text.slice(1));
  const word = /^\/(\S*)/.exec(line)![1]!.toLowerCase();
  const rest = line.slice(word.length + 1).trim();
  const command = commandOf(word);
  if (!command) return refuse(unknownCommand(word));
  return readers[command.word]!(rest, context);
}

const commandOf = (word: string) =>
  COMPOSER_COMMANDS.find((command) => command.word === word || command.also.includes(word));

function unknownCommand(word: string): string | null {
  if (word === '') return null;
  const near = COMPOSER_COMMANDS.map((command) => ({ command, distance: distance(word, command.word) })).sort(
    (a, b) => a.distance - b.distance,
  )[0]!;
  const hint = near.distance <= 2 || near.command.word.startsWith(word) ? ` Did you mean /${near.command.word}?` : '';
  return `/${word} is no command.${hint} Put a space in front to write it as a note.`;
}

type Reader = (rest: string, context: ComposerContext) => Composed;

function say(text: string, eventTime?: number, suffix = ''): Composed {
  return will({ do: 'say', text, ...(eventTime === undefined ? {} : { eventTime }) }, `Write a note${suffix}`);
}

const readers: Record<string, Reader> = {
  note: (rest) => (rest === '' ? refuse(null) : say(rest)),
  attach: (rest) =>
    will(
      { do: 'attach', ...(rest === '' ? {} : { text: rest }) },
      rest === '' ? 'Choose files to attach' : `Choose files to attach, with: ${rest}`,
    ),
  decide: (rest) => decide(rest),
  ask: readAsk,
  sev: readSeverity,
  model: readModel,
  state: readState,
  role: readRole,
  at: readAt,
  started: (rest, context) => {
    if (rest === '') return refuse(null);
    const { when, rest: reason } = takeWhen(rest, context.zone, context.now);
    if (!when.ok) return refuse(when.message);
    return will(
      { do: 'started', startedAt: when.at, ...reasoned(reason) },
      `It began ${formatWhen(when.at, context.zone, context.now)}${because(reason)}`,
    );
  },
  propose: readPropose,
  object: readObject,
  handover: readHandover,
  team: readTeam,
  away: readAway,
  here: (rest) => (rest === '' ? will({ do: 'present' }, 'Say that you are here') : refuse('/here stands alone.')),
  undo: (rest) =>
    rest === ''
      ? will({ do: 'undo' }, 'Take back what you did last, within its first minute')
      : refuse('/undo stands alone: it takes back what you did last.'),
  title: (rest) => {
    if (rest === '') return refuse(null);
    const title = rest.replace(/\s+/g, ' ');
    if (title.length > MAX_TITLE)
      return refuse(`A title has at most ${MAX_TITLE} characters; this has ${title.length}.`);
    return will({ do: 'title', title }, `Change the title to “${title}”`);
  },
  affect: readAffect,
  update: (rest) => {
    if (rest === '') return refuse(null);
    const audience = audienceOf(rest);
    return audience === null
      ? refuse(`${rest} is nobody that updates are written for; it is one of ${AUDIENCES.join(', ')}.`)
      : will({ do: 'update', audience }, `Write an update for ${AUDIENCE_NAMES[audience].toLowerCase()}`);
  },
  run: (rest, context) => {
    if (rest === '') return refuse(null);
    const found = resolve(rest, context.runbooks, 'runbook');
    return found.ok
      ? will({ do: 'run', runbook: found.one.id }, `Start the runbook ${found.one.name}`)
      : refuse(found.message);
  },
};

function decide(rest: string, eventTime?: number, suffix = ''): Composed {
  if (rest === '') return refuse(null);
  const split = /^([\s\S]+?)\s+because:?\s+([\s\S]+)$/i.exec(rest);
  const text = split ? split[1]! : rest;
  const reason = split ? split[2]! : '';
  return will(
    { do: 'decide', text, ...reasoned(reason), ...(eventTime === undefined ? {} : { eventTime }) },
    `Record the decision${suffix}: ${text}${because(reason)}`,
    reason === '' ? 'The reason is missing: add “because …”.' : null,
  );
}

/** The people that are named one after another at the start, and what follows them. */
function takePeople(
  text: string,
  context: ComposerContext,
): { people: Nameable[]; rest: string; message: string | null } {
  const people: Nameable[] = [];
  let rest = text;
  for (;;) {
    const token = /^@\S+/.exec(rest)?.[0];
    if (token === undefined) return { people, rest, message: null };
    const found = resolve(token.slice(1), context.people, 'person');
    if (!found.ok) return { people, rest, message: found.message };
    if (!people.includes(found.one)) people.push(found.one);
    rest = rest.slice(token.length).trimStart();
  }
}

const namesOf = (people: readonly Nameable[]): string => people.map(({ name }) => name).join(', ');

function readPropose(rest: string, context: ComposerContext): Composed {
  if (rest === '' || rest === '@') return refuse(null);
  const { people, rest: said, message } = takePeople(rest, context);
  if (message !== null) return refuse(message);
  if (people.length === 0) return refuse('Whom do you ask? Begin with /propose @raj @li and what is to be decided.');
  if (said === '' || said === '@') return refuse(null);
  const split = /^([\s\S]+?)\s+because:?\s+([\s\S]+)$/i.exec(said);
  const text = split ? split[1]! : said;
  const reason = split ? split[2]! : '';
  return will(
    { do: 'propose', text, ask: people.map(({ id }) => id), ...reasoned(reason) },
    `Ask ${namesOf(people)} for strong objections: ${text}${because(reason)}`,
  );
}

function readObject(rest: string, context: ComposerContext): Composed {
  if (rest === '' || rest === '@') return refuse(null);
  if (NOBODY.includes(rest.toLowerCase())) return will({ do: 'object' }, 'Nobody else has an objection');
  const { people, rest: why, message } = takePeople(rest, context);
  if (message !== null) return refuse(message);
  const [person] = people;
  if (person === undefined || people.length > 1) return refuse('An objection is one person’s: /object @raj why.');
  if (why === '') return refuse(null);
  return NOBODY.includes(why.toLowerCase())
    ? will({ do: 'object', person: person.id }, `${person.name} has no objection`)
    : will({ do: 'object', person: person.id, objection: why }, `${person.name} objects: ${why}`);
}

function readHandover(rest: string, context: ComposerContext): Composed {
  if (rest === '' || rest === '@') return refuse(null);
  const { people, rest: words, message } = takePeople(rest, context);
  if (message !== null) return refuse(message);
  const [person] = people;
  if (person === undefined || people.length > 1)
    return refuse('One person takes over: /handover @raj, or /handover @raj comms scribe.');
  const roles: SoleRole[] = [];
  for (const word of words.split(/[\s,]+/).filter(Boolean)) {
    const role = roleMeant(word.toLowerCase());
    if (role === undefined) return refuse(notARole(word));
    if (role === 'subject-expert') return refuse('A subject expert is not handed over; ask another with /role expert.');
    roles.push(role);
  }
  const handed = roles.length === 0 ? ['command'] : roles.map((role) => `the role of ${roleName(role)}`);
  return will(
    { do: 'handover', to: person.id, roles: roles.length === 0 ? ['commander'] : roles },
    `Ask ${person.name} to take ${handed.join(', ')}, with a briefing`,
  );
}

function readTeam(rest: string, context: ComposerContext): Composed {
  const match = /^([^@]+?)\s+(@[\s\S]*)$/.exec(rest);
  if (!match)
    return rest === '' || !rest.includes('@') ? refuse(null) : refuse('A team has a name: /team Payments @lead @who.');
  if (match[2]!.trim() === '@') return refuse(null);
  const { people, rest: more, message } = takePeople(match[2]!, context);
  if (message !== null) return refuse(message);
  if (more !== '' && more !== '@') return refuse(`"${more}" is no person; name each with @.`);
  const [lead, ...members] = people;
  return will(
    { do: 'team', name: match[1]!.trim(), lead: lead!.id, members: members.map(({ id }) => id) },
    `Form the team ${match[1]!.trim()}: ${lead!.name} leads${members.length > 0 ? ` ${namesOf(members)}` : ''}`,
    members.length === 0 ? 'Name those who work in it after the lead.' : null,
  );
}

function readAway(rest: string, context: ComposerContext): Composed {
  if (rest === '' || rest === '@') return refuse(null);
  const { people, rest: said, message } = takePeople(rest, context);
  if (message !== null) return refuse(message);
  const [person] = people;
  if (person === undefined || people.length > 1) return refuse('Who is away? /away @raj 3d holiday.');
  if (said === '') return refuse(null);
  const [, both] = /^(\d{4}-\d{2}-\d{2} \d{1,2}:\d{2})(?:\s|$)/.exec(said) ?? [];
  const until = both ?? /^\S+/.exec(said)![0];
  const reason = said.slice(until.length).trim();
  const end = parseUntil(until, context.zone, context.now);
  if (!end.ok) return refuse(end.message);
  return will(
    { do: 'away', person: person.id, until, ...reasoned(reason) },
    `${person.name} is away until ${formatWhen(end.at, context.zone, context.now)}${because(reason)}`,
  );
}

function readAt(rest: string, context: ComposerContext): Composed {
  if (rest === '') return refuse(null);
  const { when, rest: text } = takeWhen(rest, context.zone, context.now);
  if (!when.ok) return refuse(when.message);
  if (text === '') return refuse(null);
  const suffix = ` that happened ${formatWhen(when.at, context.zone, context.now)}`;
  if (!text.startsWith('/')) return say(text, when.at, suffix);
  const word = /^\/(\S*)/.exec(text)![1]!.toLowerCase();
  const body = text.slice(word.length + 1).trim();
  const command = commandOf(word);
  if (command?.word === 'decide') return decide(body, when.at, suffix);
  if (command?.word === 'note') return body === '' ? refuse(null) : say(body, when.at, suffix);
  return refuse('After /at comes a note, or /decide.');
}

function readAsk(rest: string, context: ComposerContext): Composed {
  let text = rest;
  let owner: Nameable | null = null;
  let length: number | null = null;
  for (;;) {
    const token = /^\S+/.exec(text)?.[0] ?? '';
    if (token.startsWith('@') && owner === null) {
      if (token === '@') return refuse(null);
      const found = askable(token.slice(1), context);
      if (!found.ok) return refuse(found.message);
      owner = found.one;
    } else if (length === null && parseDuration(token) !== null) {
      length = parseDuration(token)!;
    } else break;
    text = text.slice(token.length).trimStart();
  }
  if (text === '') return refuse(null);
  const caught = owner !== null && context.teams.includes(owner) && owner.hint ? ` (${owner.hint})` : '';
  if (length !== null && (length < MINUTE / 60 || length > 60 * DAY))
    return refuse('A time box is between a second and sixty days.');
  const advice = [
    owner === null && 'Nobody owns it: name one person with @.',
    length === null && 'No time box: add 10m.',
  ]
    .filter(Boolean)
    .join(' ');
  return will(
    { do: 'ask', text, owner: owner?.id ?? null, minutes: length === null ? null : length / MINUTE },
    `Ask ${owner === null ? 'nobody yet' : owner.name}${caught}${length === null ? '' : `, ${formatDuration(length)}`}: ${text}`,
    advice === '' ? null : advice,
  );
}

/** A person, or where nobody is called so, a team: whoever is on call for it has the ask. */
function askable(wanted: string, context: ComposerContext): ReturnType<typeof resolve> {
  const person = resolve(wanted, context.people, 'person');
  if (person.ok || !person.message.startsWith('No ')) return person;
  return resolve(wanted, context.teams, 'person or team');
}

function readSeverity(rest: string, context: ComposerContext): Composed {
  if (rest === '') return refuse(null);
  const match = /^(?:sev\s*-?\s*)?([1-4])(?:\s+([\s\S]+))?$/i.exec(rest);
  if (!match) return refuse('A severity is 1, 2, 3 or 4: /sev 1 reason.');
  const severity = `SEV${match[1]}` as Severity;
  const reason = match[2]?.trim() ?? '';
  if (severity === context.severity) return refuse(`It is ${severity} already.`);
  const lower = SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(context.severity);
  if (lower && reason === '')
    return refuse(`Lowering to ${severity} needs a reason: /sev ${match[1]} stores sell again.`);
  return will(
    { do: 'severity', severity, ...reasoned(reason) },
    `Severity ${context.severity} → ${severity}${because(reason)}`,
  );
}

const RESPONSE_WORDS: readonly (ResponseModel | ResponseLevel)[] = [...RESPONSE_MODELS, 'service', 'platform'];

/** A model, a level, or both; alone, what is proposed. Whether a reason is needed the engine knows. */
function readModel(rest: string): Composed {
  if (rest === '') return will({ do: 'model' }, 'Take the response that is proposed');
  const words = rest.split(/\s+/);
  const found: { model?: ResponseModel; level?: ResponseLevel } = {};
  while (words.length > 0) {
    const word = words[0]!.toLowerCase();
    const model = RESPONSE_MODELS.find((one) => one === word);
    const level = RESPONSE_LEVELS.find((one) => one === word);
    if (model && found.model === undefined) found.model = model;
    else if (level && found.level === undefined) found.level = level;
    else break;
    words.shift();
  }
  if (found.model === undefined && found.level === undefined)
    return refuse(`A model is ${RESPONSE_MODELS.join(', ')}; a level is ${RESPONSE_LEVELS.join(', ')}.`);
  const reason = words.join(' ');
  const named = [found.level, found.model].flatMap((one) => (one === undefined ? [] : responseName(one)));
  return will({ do: 'model', ...found, ...reasoned(reason) }, `Response: ${named.join(', ')}${because(reason)}`);
}

function readState(rest: string, context: ComposerContext): Composed {
  if (rest === '') return refuse(null);
  const word = /^\S+/.exec(rest)![0].toLowerCase();
  const reason = rest.slice(word.length).trim();
  const status = STATUSES.find((option) => option.startsWith(word));
  if (!status) return refuse(`${word} is no state; the states are ${STATUSES.join(', ')}.`);
  if (status === context.status) return refuse(`It is ${status} already.`);
  const back = STATUSES.indexOf(status) < STATUSES.indexOf(context.status);
  if (back && reason === '') return refuse(`Going back to ${status} needs a reason: /state ${status} errors are back.`);
  return will({ do: 'state', status, ...reasoned(reason) }, `State ${context.status} → ${status}${because(reason)}`);
}

/** The role that a whole word names, as "comms" does. */
export const roleOfWord = (word: string): Role | undefined =>
  ROLE_WORDS.find((known) => known.word === word.toLowerCase())?.role;
const roleMeant = (word: string): Role | undefined =>
  roleOfWord(word) ?? ROLE_WORDS.find((known) => known.word.startsWith(word))?.role;
const notARole = (word: string): string =>
  `${word} is no role; the roles are ${roleWords()
    .map(({ word: one }) => one)
    .join(', ')}.`;

function readRole(rest: string, context: ComposerContext): Composed {
  if (rest === '') return refuse(null);
  const word = /^\S+/.exec(rest)![0].toLowerCase();
  const role = roleMeant(word);
  if (!role) return refuse(notARole(word));
  const after = rest.slice(word.length).trim();
  if (after === '') return refuse(null);
  const token = /^\S+/.exec(after)![0];
  const reason = after.slice(token.length).trim();
  if (NOBODY.includes(token.toLowerCase())) {
    if (role === 'subject-expert')
      return refuse('There may be several subject experts: say which one is no longer, as /role expert -@raj.');
    return will(
      { do: 'role', role, person: null, ...reasoned(reason) },
      `Leave the role of ${roleName(role)} empty${because(reason)}`,
    );
  }
  if (token === '@' || token === '-@') return refuse(null);
  const leaves = token.startsWith('-');
  const found = resolve(token.replace(/^-?@?/, ''), context.people, 'person');
  if (!found.ok) return refuse(found.message);
  if (leaves)
    return will(
      { do: 'release', role, person: found.one.id, ...reasoned(reason) },
      `${found.one.name} is no longer ${roleName(role)}${because(reason)}`,
    );
  if (role === 'subject-expert')
    return will(
      { do: 'role', role, person: found.one.id, ...(reason === '' ? {} : { subject: reason }) },
      `Make ${found.one.name} subject expert${reason === '' ? '' : ` for ${reason}`}`,
      reason === '' ? 'For what? Add it after the name: /role expert @raj databases.' : null,
    );
  return will(
    { do: 'role', role, person: found.one.id, ...reasoned(reason) },
    `Make ${found.one.name} ${roleName(role)}${because(reason)}`,
  );
}

function readAffect(rest: string, context: ComposerContext): Composed {
  if (rest === '') return refuse(null);
  const services: Nameable[] = [];
  const businessServices: Nameable[] = [];
  for (const token of rest.split(/[\s,]+/).filter(Boolean)) {
    const wanted = token.replace(/^@/, '');
    const business = exact(wanted, context.businessServices);
    if (business) {
      businessServices.push(business);
      continue;
    }
    const found = resolve(wanted, [...context.businessServices, ...context.services], 'service');
    if (!found.ok) return refuse(found.message);
    (context.businessServices.includes(found.one) ? businessServices : services).push(found.one);
  }
  return will(
    { do: 'affect', services: services.map(({ id }) => id), businessServices: businessServices.map(({ id }) => id) },
    `It also affects ${[...businessServices, ...services].map(({ name }) => name).join(', ')}`,
  );
}

const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
const squeeze = (text: string) => fold(text).replace(/[^\p{L}\p{N}]+/gu, '');

const exact = (wanted: string, among: readonly Nameable[]) =>
  among.find(({ id }) => id.toLowerCase() === wanted.toLowerCase());

/**
 * How well `one` fits what was typed, 0 best, null when it does not: its id, a whole word of its name, the beginning of
 * its id, of its whole name, of a word of it.
 */
function fit(wanted: string, one: Nameable): number | null {
  const folded = fold(wanted);
  const tight = squeeze(wanted);
  if (folded === '') return 5;
  const id = fold(one.id);
  if (id === folded) return 0;
  const words = fold(one.name).split(/[^\p{L}\p{N}]+/u);
  if (tight !== '' && (words.includes(folded) || squeeze(one.name) === tight)) return 1;
  if (id.startsWith(folded)) return 2;
  if (tight === '') return null;
  if (squeeze(one.name).startsWith(tight)) return 3;
  if (words.some((word) => word.startsWith(folded)) || id.split(/[._-]/).some((word) => word.startsWith(folded)))
    return 4;
  return null;
}

/** Those that fit what was typed, best first, at most `limit`. */
export function rank<T extends Nameable>(wanted: string, among: readonly T[], limit: number): T[] {
  return among
    .map((one) => ({ one, score: fit(wanted, one) }))
    .filter((entry): entry is { one: T; score: number } => entry.score !== null)
    .sort((a, b) => a.score - b.score || a.one.name.localeCompare(b.one.name))
    .slice(0, limit)
    .map(({ one }) => one);
}

function resolve(
  wanted: string,
  among: readonly Nameable[],
  kind: string,
): { ok: true; one: Nameable } | { ok: false; message: string } {
  let best = 5;
  let fitting: Nameable[] = [];
  for (const one of among) {
    const score = fit(wanted, one);
    if (score === null || score > best) continue;
    if (score < best) fitting = [];
    best = score;
    fitting.push(one);
  }
  if (fitting.length === 1) return { ok: true, one: fitting[0]! };
  if (fitting.length === 0) return { ok: false, message: `No ${kind} is called “${wanted}” here.` };
  const named = fitting
    .slice(0, 3)
    .map(({ name, id }) => (name === id ? id : `${name} (${id})`))
    .join(', ');
  return {
    ok: false,
    message: `“${wanted}” fits ${named}${fitting.length > 3 ? ` and ${fitting.length - 3} more` : ''}; write more of the name.`,
  };
}

/** What could be written at the caret; null when there is nothing to offer. At most `limit` options. */
export function suggest(line: string, caret: number, context: ComposerContext, limit = 8): Suggestions | null {
  if (!line.startsWith('/') || line.startsWith('//') || caret === 0) return null;
  const before = line.slice(0, caret);
  if (/^\/\S*$/.test(before)) {
    const typed = before.slice(1).toLowerCase();
    const to = /^\/\S*/.exec(line)![0].length;
    const known = COMPOSER_COMMANDS.filter(({ word, also }) => word.startsWith(typed) || also.includes(typed));
    return offer(
      0,
      to,
      known.map(({ word, usage, does }) => ({ insert: `/${word} `, label: usage, hint: does })),
    );
  }
  const command = commandOf(/^\/(\S*)/.exec(before)![1]!.toLowerCase());
  const from = before.search(/\S*$/);
  const to = caret + /^\S*/.exec(line.slice(caret))![0].length;
  const token = before.slice(from);
  const words = before.slice(0, from).trim().split(/\s+/).slice(1);
  const named = (among: readonly Nameable[], wanted: string, prefix = '') =>
    offer(
      from,
      to,
      rank(wanted, among, limit).map(({ id, name, hint }) => ({
        insert: `${prefix}${id} `,
        label: name,
        hint: hint ?? id,
      })),
    );
  const people = () => named(context.people, token.slice(1), '@');

  switch (command?.word) {
    case 'ask': {
      const begun = words.every((word) => word.startsWith('@') || parseDuration(word) !== null);
      if (token.startsWith('@') && begun) return named([...context.people, ...context.teams], token.slice(1), '@');
      if (
        !begun ||
        (token !== '' && !/^\d/.test(token)) ||
        words.some((word) => !word.startsWith('@')) ||
        words.length === 0
      )
        return null;
      return offer(
        from,
        to,
        TIME_BOXES.filter((box) => box.startsWith(token)).map((box) => ({
          insert: `${box} `,
          label: box,
          hint: formatDuration(parseDuration(box)!),
        })),
      );
    }
    case 'role': {
      if (words.length === 0) {
        return offer(
          from,
          to,
          roleWords(token.toLowerCase()).map(({ word, role }) => ({
            insert: `${word} `,
            label: word,
            hint: roleName(role),
          })),
        );
      }
      if (words.length > 1) return null;
      return named(context.people, token.replace(/^@/, ''), '@');
    }
    case 'sev':
      if (words.length > 0) return null;
      return offer(
        from,
        to,
        SEVERITIES.filter(
          (severity) =>
            severity !== context.severity &&
            (severity.toLowerCase().startsWith(token.toLowerCase()) || severity.endsWith(token)),
        ).map((severity) => ({
          insert: `${severity.slice(3)} `,
          label: severity,
          hint:
            SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(context.severity) ? 'lower: needs a reason' : 'higher',
        })),
      );
    case 'model':
      if (words.length > 0) return null;
      return offer(
        from,
        to,
        RESPONSE_WORDS.filter((word) => word.startsWith(token.toLowerCase())).map((word) => ({
          insert: `${word} `,
          label: word,
          hint: RESPONSE_MODELS.some((one) => one === word) ? 'model' : 'level',
        })),
      );
    case 'state':
      if (words.length > 0) return null;
      return offer(
        from,
        to,
        STATUSES.filter((status) => status !== context.status && status.startsWith(token.toLowerCase())).map(
          (status) => ({
            insert: `${status} `,
            label: status,
            hint: STATUSES.indexOf(status) < STATUSES.indexOf(context.status) ? 'back: needs a reason' : 'forward',
          }),
        ),
      );
    case 'propose':
    case 'object':
    case 'team':
    case 'away':
      return token.startsWith('@') && words.every((word) => word.startsWith('@') || command.word === 'team')
        ? people()
        : null;
    case 'handover':
      if (words.length === 0) return named(context.people, token.replace(/^@/, ''), '@');
      return offer(
        from,
        to,
        roleWords(token.toLowerCase())
          .filter(({ role }) => role !== 'subject-expert')
          .map(({ word, role }) => ({ insert: `${word} `, label: word, hint: roleName(role) })),
      );
    case 'run':
      return words.length > 0 ? null : named(context.runbooks, token);
    case 'update':
      return words.length > 0
        ? null
        : offer(
            from,
            to,
            AUDIENCES.filter((audience) => audience.startsWith(token.toLowerCase())).map((audience) => ({
              insert: `${audience} `,
              label: AUDIENCE_NAMES[audience],
              hint: 'update',
            })),
          );
    case 'affect':
      return named([...context.businessServices, ...context.services], token);
    case 'at':
    case 'started': {
      const start = before.search(/\S/) + before.trimStart().search(/\s/) + 1;
      const { when } = takeWhen(before.slice(start), context.zone, context.now);
      if (when.ok || when.choices.length === 0) return null;
      return offer(
        start,
        to,
        when.choices.map(({ text, at }) => ({
          insert: `${text} `,
          label: text,
          hint: formatWhen(at, 'UTC', context.now),
        })),
      );
    }
    default:
      return null;
  }
}

function offer(from: number, to: number, options: Suggestion[]): Suggestions | null {
  return options.length === 0 ? null : { from, to, options };
}

/** Edits (insert, delete, replace) that make `a` of `b`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(a.length, 40); i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
