/**
 * Invariant: an op is told by its type and payload and by names that are looked up, nothing else; a line never throws
 * and never spans two lines of text, whatever another console wrote into the payload.
 *
 * The engine's query `incident.timeline` makes its summaries here, so that the screen, the command line and an export
 * say the same words.
 */
import type { Health } from './words.ts';
import { counted } from './cleanup.ts';
import { count, money } from './impact/money.ts';
import { UNDER_GRANT, UNDER_WORDS } from './access/grants.ts';
import { formatWhen } from './times.ts';
import { lookUp } from './lookup.ts';

/** What a timeline can be filtered by. */
export const ENTRY_KINDS = [
  'note',
  'decision',
  'ask',
  'step',
  'action',
  'cleanup',
  'update',
  'state',
  'role',
  'health',
  'change',
  'access',
  'correction',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** The kinds as headings of a filter. */
export const ENTRY_KIND_TITLES: Record<EntryKind, string> = {
  note: 'Notes',
  decision: 'Decisions',
  ask: 'Asks',
  step: 'Steps',
  action: 'Actions',
  cleanup: 'Cleanup',
  update: 'Updates',
  state: 'State',
  role: 'Roles',
  health: 'Health',
  change: 'Changes',
  access: 'Access',
  correction: 'Corrections',
};

const KINDS: Record<string, EntryKind> = {
  'update.review': 'update',
  'update.send': 'update',
  'update.delivery': 'update',
  'incident.declare': 'state',
  'incident.title': 'state',
  'incident.severity': 'state',
  'incident.response': 'state',
  'incident.keep': 'state',
  'incident.concern': 'state',
  'incident.status': 'state',
  'incident.affect': 'state',
  'incident.unaffect': 'state',
  'incident.started': 'state',
  'incident.cause': 'state',
  'incident.role': 'role',
  'incident.expert': 'role',
  'incident.expert-end': 'role',
  'role.present': 'role',
  'escalation.call': 'role',
  'handover.offer': 'role',
  'handover.answer': 'role',
  'subteam.form': 'role',
  'subteam.change': 'role',
  'subteam.join': 'role',
  'subteam.leave': 'role',
  'subteam.end': 'role',
  'person.away': 'role',
  'person.back': 'role',
  'decision.propose': 'decision',
  'decision.answer': 'decision',
  'decision.drop': 'decision',
  'entry.undo': 'correction',
  'entry.note': 'note',
  'entry.evidence': 'note',
  'entry.decision': 'decision',
  'entry.correct': 'correction',
  'ask.open': 'ask',
  'ask.change': 'ask',
  'run.start': 'step',
  'run.step': 'step',
  'run.end': 'step',
  'restoration.adopt': 'step',
  'restoration.item': 'step',
  'cleanup.add': 'cleanup',
  'cleanup.change': 'cleanup',
  'cleanup.state': 'cleanup',
  'cleanup.accept': 'cleanup',
  'suggestion.settle': 'state',
  'action.propose': 'action',
  'action.approve': 'action',
  'action.refuse': 'action',
  'action.withdraw': 'action',
  'action.try': 'action',
  'action.run': 'action',
  'action.outcome': 'action',
  'action.settle': 'action',
  'degraded.start': 'action',
  'degraded.owner': 'action',
  'degraded.end': 'action',
  'degraded.dismiss': 'action',
  'breakglass.codes': 'access',
  'breakglass.void': 'access',
  'breakglass.request': 'access',
  'breakglass.answer': 'access',
  'breakglass.open': 'access',
  'breakglass.cover': 'access',
  'breakglass.end': 'access',
  'breakglass.review': 'access',
  'breakglass.lockout': 'access',
  'exception.add': 'access',
  'exception.end': 'access',
  'incident.hold': 'access',
  'incident.hold-end': 'access',
  'incident.restrict': 'access',
  'incident.sealed': 'access',
  'incident.key': 'access',
  'incident.running': 'access',
  'incident.lift': 'access',
  'incident.shred': 'access',
  'restriction.member': 'access',
  'incident.looked': 'access',
  'retention.review': 'access',
  'breach.answer': 'access',
  'health.change': 'health',
  'health.manual': 'health',
  'health.manual-end': 'health',
  'maintenance.plan': 'change',
  'maintenance.end': 'change',
  'change.record': 'change',
  'change.withdraw': 'change',
  'policy.put': 'change',
  'organisation.found': 'change',
  'console.invite': 'change',
  'console.invite-end': 'change',
  'console.request': 'change',
  'console.refuse': 'change',
  'console.rename': 'change',
  'console.seal-key': 'change',
  'console.at-rest': 'change',
  'console.enrol': 'change',
  'console.revoke': 'change',
  'access.grant': 'change',
  'access.withdraw': 'change',
  'access.secret': 'change',
  'access.unlock': 'change',
  'sso.set': 'change',
  'sso.match': 'change',
  'sso.end': 'change',
  'access.rescue': 'change',
  'impact.checkpoint': 'correction',
  'store.report': 'health',
  'store.withdraw': 'health',
};

/** The kind of timeline line that an op type makes; an op of a newer version counts as a change of state. */
export function entryKind(type: string): EntryKind {
  return lookUp(KINDS, type) ?? 'state';
}

/** Whether an op of this type has words of its own. */
export function isTold(type: string): boolean {
  return Object.hasOwn(tellings, type);
}

/** The op types that make lines of these kinds. */
export function entryTypes(kinds: readonly EntryKind[]): string[] {
  return Object.keys(KINDS).filter((type) => kinds.includes(KINDS[type]!));
}

/** Whether a person wrote the words of such a line and may set them right afterwards. */
export function hasOwnWords(type: string): boolean {
  return type === 'entry.note' || type === 'entry.decision';
}

/** Names by id. Each answers the id itself when it knows none. */
export interface Names {
  person(id: string): string;
  service(id: string): string;
  businessService(id: string): string;
  /** Title of a step of a run. */
  step(run: string, step: string): string;
  /** What the branch of a decision says. */
  branch?(run: string, step: string, branch: string): string;
  /** What was asked. */
  ask(id: string): { text: string; owner: string | null } | null;
  /** Summary of another timeline line, by op id. */
  entry(id: string): string | null;
  /** What a source calls itself. */
  source(id: string): string;
  store?(id: string): string;
  /** Title of a recorded change. */
  change?(id: string): string;
  /** Title of an action, and of a degraded mode. */
  action?(id: string): string;
  degraded?(id: string): string;
  /** What was proposed. */
  proposal?(id: string): string | null;
  /** What was offered to whom. */
  handover?(id: string): Record<string, unknown> | null;
  /** Name of a team of the incident's own. */
  subteam?(id: string): string;
  /** What is to be put right. */
  cleanup?(id: string): string | null;
  /** Whom an update is for. */
  update?(id: string): string | null;
}

export interface Told {
  /** One line that tells it: "severity SEV2 → SEV1". */
  summary: string;
  /** What a person wrote, Markdown; null when the summary says it all. */
  text: string | null;
  /** The health that began, for a change of health. */
  health: Health | null;
}

export interface OpToTell {
  type: string;
  payload: Record<string, unknown>;
  /** When it happened, ms, and the zone of who reads it: times and days in the line are told relative to these. */
  eventTime: number;
  zone: string;
}

/** Longest summary, in characters. */
export const MAX_SUMMARY = 300;

const ROLE_NAMES: Record<string, string> = {
  commander: 'commander',
  deputy: 'deputy',
  communications: 'communications lead',
  operations: 'operations lead',
  scribe: 'scribe',
  'subject-expert': 'subject expert',
  'executive-liaison': 'executive liaison',
  'business-owner': 'business owner',
  'store-liaison': 'store liaison',
  governance: 'governance',
};

const HEALTH_NAMES: Record<string, string> = {
  healthy: 'healthy',
  'early-warning': 'early warning',
  degraded: 'degraded',
  failing: 'failing',
  unknown: 'unknown',
};

/** Role as people say it: "communications lead". */
export function roleName(role: string): string {
  return lookUp(ROLE_NAMES, role) ?? oneLine(role);
}

/** Health as people say it: "early warning". */
export function healthName(health: string): string {
  return lookUp(HEALTH_NAMES, health) ?? oneLine(health);
}

/** One printable line of at most `max` characters: no line breaks, no control characters, no reordering of directions. */
export function oneLine(text: string, max = MAX_SUMMARY): string {
  const plain = text
    .toWellFormed()
    // Bidirectional controls and invisible characters could make a line read as something that nobody wrote.
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const letters = Array.from(plain.slice(0, max * 2 + 1));
  return letters.length <= max ? letters.join('') : `${letters.slice(0, max - 1).join('')}…`;
}

/**
 * The timeline line of `op`. `was` is the value (a severity, state, person id, health, title, step state, or ms) that the
 * op replaced, as far as the caller knows it: null for "nobody" or "nothing", undefined when it is not known.
 */
export function tell(op: OpToTell, names: Names, was?: string | number | null): Told {
  const line = tellings[op.type];
  const told = line
    ? line(new Payload(op.payload), names, op, was)
    : { summary: `entry of a kind that this version does not know (${op.type})` };
  const under = typeof op.payload[UNDER_GRANT] === 'string' ? UNDER_WORDS : '';
  return { text: null, health: null, ...told, summary: oneLine(told.summary, MAX_SUMMARY - under.length) + under };
}

/** Reads a payload that nobody has checked. */
class Payload {
  readonly #members: Record<string, unknown>;
  constructor(members: Record<string, unknown>) {
    this.#members = members;
  }
  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }
  text(name: string): string {
    const value = this.#members[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  }
  prose(name: string): string | null {
    return this.text(name).trim() === '' ? null : this.text(name);
  }
  flag(name: string): boolean {
    return this.#members[name] === true;
  }
  time(name: string): number | null {
    const value = this.#members[name];
    return typeof value === 'number' ? value : null;
  }
  member(name: string): unknown {
    return this.#members[name];
  }
  list(name: string): string[] {
    const value = this.#members[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }
}

type Telling = (
  p: Payload,
  names: Names,
  op: OpToTell,
  was?: string | number | null,
) => Partial<Told> & { summary: string };

const from = (was: string | number | null | undefined) => (typeof was === 'string' && was !== '' ? `${was} → ` : '');
const formerly = (name: string | null | undefined) => (name === undefined ? '' : ` (was ${name ?? 'nobody'})`);
const toPerson = (id: string, names: Names) => (id === '' ? 'nobody' : names.person(id));
const when = (at: number | null, op: OpToTell) =>
  at === null ? 'no time limit' : formatWhen(at, op.zone, op.eventTime);

const plain = (word: string) => word.replaceAll('-', ' ');

function several(list: string[], name: (id: string) => string): string {
  const named = list.slice(0, 3).map(name);
  return list.length > 3 ? `${named.join(', ')} and ${list.length - 3} more` : named.join(', ');
}

/** "the roles commander and scribe, and 3 asks": what a handover hands over. */
function handed(p: Payload): string {
  const roles = p.member('roles');
  const named = (Array.isArray(roles) ? roles : []).flatMap((one: unknown) => {
    const { role } = (one ?? {}) as { role?: unknown };
    return typeof role === 'string' ? [role === 'commander' ? 'command' : `the role of ${roleName(role)}`] : [];
  });
  const asks = p.list('asks').length;
  const parts = asks === 0 ? named : [...named, `${asks} ${asks === 1 ? 'ask' : 'asks'}`];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

/** "no objection from Raj, Li; Mo objects: stores would be cut off; no answer from Zoe". */
function objections(asked: unknown, names: Names): string {
  const none: string[] = [];
  const silent: string[] = [];
  const objecting: string[] = [];
  for (const one of Array.isArray(asked) ? (asked as unknown[]) : []) {
    const { person, objection } = (one ?? {}) as { person?: unknown; objection?: unknown };
    if (typeof person !== 'string') continue;
    if (objection === null) none.push(names.person(person));
    else if (typeof objection === 'string')
      objecting.push(`${names.person(person)} objects: ${oneLine(objection, 120)}`);
    else silent.push(names.person(person));
  }
  return [
    none.length > 0 && `no objection from ${none.join(', ')}`,
    ...objecting,
    silent.length > 0 && `no answer from ${silent.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

function tellAsk(p: Payload, names: Names, op: OpToTell): ReturnType<Telling> {
  const ask = names.ask(p.text('ask'));
  const what = oneLine(p.prose('text') ?? ask?.text ?? 'an ask', 160);
  const owner = ask?.owner ? names.person(ask.owner) : 'nobody';
  const parts: string[] = [];
  switch (p.text('state')) {
    case 'acknowledged':
      parts.push(`${owner} has it`);
      break;
    case 'done':
      parts.push('done');
      break;
    case 'cancelled':
      parts.push('called off');
      break;
    case 'open':
      parts.push('open again');
      break;
  }
  if (p.has('owner')) parts.push(`handed to ${toPerson(p.text('owner'), names)}`);
  if (p.has('dueAt')) parts.push(p.time('dueAt') === null ? 'no time limit' : `due ${when(p.time('dueAt'), op)}`);
  if (p.has('text')) parts.push('reworded');
  return { summary: `${parts.join(', ') || 'ask'}: ${what}`, text: p.prose('note') };
}

const actionName = (p: Payload, names: Names) => names.action?.(p.text('action')) ?? 'an action';

const OUTCOMES: Record<string, string> = {
  done: 'action done',
  failed: 'action failed',
  unknown: 'answer lost',
  waiting: 'action waits',
};

const tellings: Record<string, Telling> = {
  'incident.declare': (p, names) => {
    const commander = p.text('commander');
    const hurt =
      several(p.list('businessServices'), names.businessService) || several(p.list('services'), names.service);
    const details = [hurt && `affects ${hurt}`, commander && `commander ${names.person(commander)}`]
      .filter(Boolean)
      .join('; ');
    return { summary: `declared ${p.text('severity')}: ${p.text('title')}${details && ` (${details})`}` };
  },
  'incident.title': (p, _names, _op, was) => ({
    summary: `title: ${p.text('title')}${typeof was === 'string' ? ` (was: ${was})` : ''}`,
  }),
  'incident.severity': (p, _names, _op, was) => {
    const proposed = p.member('proposal') as { severity?: unknown; rules?: unknown } | undefined;
    const ruled = Array.isArray(proposed?.rules) && proposed.rules.length > 0;
    const against =
      ruled && typeof proposed.severity === 'string' && proposed.severity !== p.text('severity')
        ? ` (proposed was ${proposed.severity})`
        : '';
    return { summary: `severity ${from(was)}${p.text('severity')}${against}`, text: p.prose('reason') };
  },
  'incident.response': (p) => {
    const changes = (p.member('changes') ?? {}) as Record<string, unknown>;
    const lines = (name: string, title: string): string[] => {
      const list = Array.isArray(changes[name]) ? changes[name].filter((one) => typeof one === 'string') : [];
      return list.length === 0 ? [] : [`${title}: ${list.join('; ')}`];
    };
    return {
      summary: `response: ${plain(p.text('level'))}, ${plain(p.text('model'))}`,
      text:
        [p.prose('reason') ?? '', ...lines('added', 'New'), ...lines('changed', 'Changed'), ...lines('removed', 'Gone')]
          .filter((part) => part !== '')
          .join('\n\n') || null,
    };
  },
  'incident.keep': (p) => ({
    summary: `kept the ${p.text('what')} as it is against the proposal ${p.text('proposed').split('/').map(plain).join(', ')}`,
    text: p.prose('reason'),
  }),
  'incident.concern': (p) => ({
    summary: [
      p.has('data') && `wrong or lost data: ${p.text('data')}`,
      p.has('security') && `breach: ${p.text('security')}`,
    ]
      .filter(Boolean)
      .join('; '),
    text: p.prose('reason'),
  }),
  'incident.status': (p, _names, _op, was) => ({
    summary: `state ${from(was)}${p.text('status')}`,
    text: p.prose('reason'),
  }),
  'incident.role': (p, names, _op, was) => {
    const former = was === undefined || was === null ? undefined : names.person(String(was));
    return {
      summary: `${roleName(p.text('role'))}: ${toPerson(p.text('person'), names)}${formerly(former)}`,
      text: p.prose('reason'),
    };
  },
  'incident.expert': (p, names) => {
    const subject = p.text('subject');
    return { summary: `subject expert${subject && ` for ${subject}`}: ${names.person(p.text('person'))}` };
  },
  'incident.expert-end': (p, names) => ({
    summary: `no longer subject expert: ${names.person(p.text('person'))}`,
    text: p.prose('reason'),
  }),
  'role.present': (p, names) => ({ summary: `${names.person(p.text('person'))} is here` }),
  'escalation.call': (p) => ({ summary: `called ${p.text('to')}` }),
  'handover.offer': (p, names, op) => ({
    summary: `asked ${names.person(p.text('to'))} to take ${handed(p)} (until ${when(p.time('expiresAt'), op)})`,
    text: p.prose('briefing'),
  }),
  'handover.answer': (p, names, op) => {
    const offer = names.handover?.(p.text('handover')) ?? null;
    const what = offer === null ? 'a handover' : handed(new Payload(offer));
    const to = offer === null ? 'somebody' : names.person(new Payload(offer).text('to'));
    const stays = p.time('staysUntil');
    const told: Record<string, string> = {
      accepted: `${to} takes ${what}${stays === null ? '' : `; who had it stays until ${when(stays, op)}`}`,
      declined: `${to} does not take ${what}`,
      cancelled: `no longer asked: ${to} to take ${what}`,
    };
    return { summary: told[p.text('answer')] ?? 'handover answered', text: p.prose('reason') };
  },
  'subteam.form': (p, names) => {
    const members = p.list('members').filter((id) => id !== p.text('lead'));
    return {
      summary: `team ${p.text('name')}: ${names.person(p.text('lead'))} leads${members.length > 0 ? ` ${several(members, names.person)}` : ''}`,
    };
  },
  'subteam.change': (p, names) => ({
    summary: `team ${names.subteam?.(p.text('team')) ?? p.text('team')}: ${[
      p.has('name') && `now called ${p.text('name')}`,
      p.has('lead') && `${names.person(p.text('lead'))} leads`,
    ]
      .filter(Boolean)
      .join(', ')}`,
  }),
  'subteam.join': (p, names) => ({
    summary: `team ${names.subteam?.(p.text('team')) ?? p.text('team')}: ${names.person(p.text('person'))} joins`,
  }),
  'subteam.leave': (p, names) => ({
    summary: `team ${names.subteam?.(p.text('team')) ?? p.text('team')}: ${names.person(p.text('person'))} leaves`,
  }),
  'subteam.end': (p, names) => ({
    summary: `team ${names.subteam?.(p.text('team')) ?? p.text('team')} is no more`,
    text: p.prose('reason'),
  }),
  'person.away': (p, names, op) => ({
    summary: `${names.person(p.text('person'))} is away until ${when(p.time('until'), op)}`,
    text: p.prose('reason'),
  }),
  'person.back': (p, names) => ({ summary: `${names.person(p.text('person'))} is back`, text: p.prose('reason') }),
  'incident.affect': (p, names) => ({ summary: `affects ${affected(p, names)}` }),
  'incident.unaffect': (p, names) => ({ summary: `no longer affects ${affected(p, names)}` }),
  'incident.started': (p, _names, op, was) => ({
    summary: `started ${when(p.time('startedAt'), op)}${typeof was === 'number' ? ` (was ${when(was, op)})` : ''}`,
    text: p.prose('reason'),
  }),
  'incident.cause': (p, names, _op, was) => {
    const service = names.service(p.text('service'));
    const verdict = p.text('verdict');
    const former = was === 'confirmed' || was === 'ruled-out' ? ` (was ${was.replace('-', ' ')})` : '';
    const told =
      verdict === 'confirmed'
        ? `cause confirmed: ${service}`
        : verdict === 'ruled-out'
          ? `not the cause: ${service}`
          : `cause open again: ${service}`;
    return { summary: `${told}${former}`, text: p.prose('reason') };
  },
  'entry.note': (p) => ({ summary: p.text('text'), text: p.prose('text') }),
  'entry.evidence': (p) => ({ summary: `attached ${p.text('name')}`, text: p.prose('text') }),
  'entry.decision': (p, names) => {
    const reason = p.prose('reason');
    const said = objections(p.member('asked'), names);
    const suffix = said === '' ? '' : ` (${said})`;
    return {
      summary: reason === null ? `${p.text('text')}${suffix}` : `${p.text('text')} – because ${reason}${suffix}`,
      text: [p.prose('text'), reason === null ? null : `Because: ${reason}`, said === '' ? null : `Asked: ${said}`]
        .filter((part) => part !== null)
        .join('\n\n'),
    };
  },
  'decision.propose': (p, names) => {
    const reason = p.prose('reason');
    const asked = several(p.list('asked'), names.person);
    return {
      summary: `proposed${asked && `, asking ${asked} for objections`}: ${p.text('text')}${reason === null ? '' : ` – because ${reason}`}`,
    };
  },
  'decision.answer': (p, names) => {
    const about = names.proposal?.(p.text('proposal'));
    const objection = p.prose('objection');
    const what = about ? `: ${oneLine(about, 80)}` : '';
    return {
      summary: `${names.person(p.text('person'))} ${objection === null ? 'has no objection' : `objects, ${oneLine(objection, 120)}`}${what}`,
      text: objection,
    };
  },
  'decision.drop': (p, names) => ({
    summary: `not decided: ${oneLine(names.proposal?.(p.text('proposal')) ?? 'a proposal', 160)}`,
    text: p.prose('reason'),
  }),
  'entry.undo': (p, names) => {
    const about = names.entry(p.text('entry'));
    return { summary: `taken back${about === null ? '' : `: ${oneLine(about, 160)}`}` };
  },
  'entry.correct': (p, names, op) => {
    const changes = [
      p.has('eventTime') && `happened ${when(p.time('eventTime'), op)}`,
      p.has('text') && 'new words',
    ].filter(Boolean);
    const about = names.entry(p.text('entry'));
    return {
      summary: `corrected${about === null ? '' : ` “${oneLine(about, 80)}”`}: ${changes.join(', ') || 'nothing'}`,
      text: p.prose('reason'),
    };
  },
  'ask.open': (p, names, op) => {
    const due = p.time('dueAt');
    const text = p.text('text');
    const long = text.length > 200 || text.includes('\n');
    return {
      summary: `asked ${toPerson(p.text('owner'), names)}: ${long ? oneLine(text, 80) : text}${due === null ? '' : ` (due ${when(due, op)})`}`,
      text: long ? p.prose('text') : null,
    };
  },
  'ask.change': tellAsk,
  'update.review': (p, names) => ({
    summary: `${names.person(p.text('person'))} reviewed ${updateName(names.update?.(p.text('update')) ?? '')}`,
  }),
  'update.send': (p, names, op) => {
    const next = p.time('nextAt');
    return {
      summary: `${updateName(p.text('audience'))} ${CHANNELS[p.text('channel')] ?? p.text('channel')}, reviewed by ${names.person(p.text('reviewedBy'))}${next === null ? '' : `, next at ${when(next, op)}`}`,
      text: p.prose('text'),
    };
  },
  'update.delivery': (p, names) => ({
    summary: `${updateName(names.update?.(p.text('update')) ?? '')} ${DELIVERIES[p.text('outcome')] ?? p.text('outcome')}`,
    text: p.prose('detail'),
  }),
  'run.start': (p) => {
    const carried = p.member('carried');
    const taken = Array.isArray(carried) && carried.length > 0 ? `, ${carried.length} of its steps taken over` : '';
    return {
      summary: `runbook ${p.has('continues') ? 'goes on with a newer text' : 'started'}: ${p.text('title')}${p.text('version') && `, version ${p.text('version')}`}${taken}`,
    };
  },
  'run.step': (p, names, _op, was) => {
    const [run, step, branch] = [p.text('run'), p.text('step'), p.text('branch')];
    const chosen = branch === '' ? '' : ` – ${names.branch?.(run, step, branch) ?? branch}`;
    return {
      summary: `step ${from(was)}${p.text('state')}: ${names.step(run, step)}${chosen}`,
      text: stepWords(p),
    };
  },
  'run.end': (p) => ({
    summary: p.has('continuedBy') ? 'runbook ended: a newer text goes on' : 'runbook ended',
    text: p.prose('reason'),
  }),
  'restoration.adopt': (p, names) => {
    const items = Array.isArray(p.member('items')) ? (p.member('items') as unknown[]) : [];
    const first = items
      .slice(0, 3)
      .map((item) => together(new Payload((item ?? {}) as Record<string, unknown>), names));
    return {
      summary: `restoration plan adopted: ${first.join(' → ') || 'nothing to restore'}${items.length > 3 ? ` → … (${items.length} items)` : ''}`,
    };
  },
  'restoration.item': (p, names, _op, was) => ({
    summary: `restoration ${from(was)}${p.text('state')}${p.flag('byHand') ? ' by hand' : ''}: ${together(p, names)}`,
    text: p.prose('reason'),
  }),
  'cleanup.add': (p, names, op) => ({
    summary: `to put right: ${owed(p)}${p.text('owner') && `, ${names.person(p.text('owner'))}`}${p.time('dueAt') === null ? '' : `, due ${when(p.time('dueAt'), op)}`}`,
    text: p.prose('evidence'),
  }),
  'cleanup.change': (p, names, op) => {
    const parts = [
      p.has('title') && 'renamed',
      p.has('count') && `now ${p.text('count')}${p.text('unit') && ` ${p.text('unit')}`}`,
      p.has('owner') && `handed to ${toPerson(p.text('owner'), names)}`,
      p.has('dueAt') && (p.time('dueAt') === null ? 'no time limit' : `due ${when(p.time('dueAt'), op)}`),
      p.has('moneyMinor') && 'value changed',
      p.has('evidence') && 'evidence',
    ].filter(Boolean);
    return { summary: `${parts.join(', ') || 'changed'}: ${owedName(p, names)}`, text: p.prose('evidence') };
  },
  'cleanup.state': (p, names, _op, was) => {
    const counts = [
      p.has('reconciled') && `${p.text('reconciled')} reconciled`,
      p.has('writtenOff') && p.text('writtenOff') !== '0' && `${p.text('writtenOff')} written off`,
    ].filter(Boolean);
    return {
      summary: `cleanup ${from(was)}${p.text('state')}: ${owedName(p, names)}${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`,
      text: p.prose('reason'),
    };
  },
  'cleanup.accept': (p, names) => ({
    summary:
      p.text('person') === ''
        ? `no longer accepted: ${owedName(p, names)}`
        : `${names.person(p.text('person'))} answers for what stays open: ${owedName(p, names)} (${p.text('remaining')} left)`,
    text: p.prose('reason'),
  }),
  'suggestion.settle': (p) => ({
    summary: `suggestion ${p.text('verdict') === 'open' ? 'open again' : p.text('verdict')}: ${p.text('title')}`,
    text: p.prose('reason'),
  }),
  'action.propose': (p, names) => {
    const on = several(p.list('services'), names.service);
    return {
      summary: `action proposed: ${p.text('title')}${on && ` (${on})`}, ${p.text('method')} ${p.text('url')}`,
      text: p.prose('reason'),
    };
  },
  'action.approve': (p, names, op) => ({
    summary: `approved: ${actionName(p, names)}, as ${p.text('authority')}, until ${when(p.time('expiresAt'), op)}`,
    text: p.prose('reason'),
  }),
  'action.refuse': (p, names) => ({ summary: `refused: ${actionName(p, names)}`, text: p.prose('reason') }),
  'action.withdraw': (p, names) => ({ summary: `withdrawn: ${actionName(p, names)}`, text: p.prose('reason') }),
  'action.try': (p, names) => ({
    summary: `dry run of ${actionName(p, names)}: ${p.text('message')}`,
    text: p.prose('body'),
  }),
  'action.run': (p, names) => ({ summary: `runs now: ${actionName(p, names)}`, text: p.prose('reason') }),
  'action.outcome': (p, names) => ({
    summary: `${OUTCOMES[p.text('state')] ?? p.text('state')}: ${actionName(p, names)} – ${p.text('message')}`,
    text: p.prose('body'),
  }),
  'action.settle': (p, names) => ({
    summary: `${p.text('state') === 'done' ? 'it did happen' : 'it did not happen'}: ${actionName(p, names)}`,
    text: p.prose('reason'),
  }),
  'degraded.start': (p, names) => ({
    summary: `degraded on purpose: ${p.text('title')}${p.text('owner') && ` (${names.person(p.text('owner'))})`}`,
    text: p.prose('reason'),
  }),
  'degraded.owner': (p, names) => ({
    summary: `${names.person(p.text('owner'))} answers for ${names.degraded?.(p.text('degraded')) ?? p.text('degraded')}`,
    text: p.prose('reason'),
  }),
  'degraded.end': (p, names) => ({
    summary: `no longer degraded on purpose: ${names.degraded?.(p.text('degraded')) ?? p.text('degraded')}`,
    text: p.prose('reason'),
  }),
  'degraded.dismiss': (p, names) => ({
    summary: `not degraded on purpose: ${names.degraded?.(p.text('mode')) ?? p.text('mode')}`,
    text: p.prose('reason'),
  }),
  'breakglass.codes': (p, names) => ({
    summary: `sealed codes prepared: ${p.text('label')}${p.has('person') && p.text('person') ? ` for ${names.person(p.text('person'))}` : ''} (${p.list('capabilities').join(', ')})`,
  }),
  'breakglass.void': (p) => ({ summary: 'sealed codes made void', text: p.prose('reason') }),
  'breakglass.request': (p, names) => ({
    summary: `EMERGENCY ACCESS asked for: ${names.person(p.text('holder'))}, ${p.list('capabilities').join(', ')}, ${p.text('minutes')} min`,
    text: p.prose('reason'),
  }),
  'breakglass.answer': (p) => ({
    summary: `emergency access ${p.text('answer')}${p.has('phone') ? ' by phone' : ''}`,
    text: p.prose('reason'),
  }),
  'breakglass.open': (p, names, op) => {
    const witness = p.text('witness');
    const way = WAYS[p.text('way')] ?? p.text('way');
    return {
      summary: `EMERGENCY ACCESS: ${names.person(p.text('holder'))} holds ${p.list('capabilities').join(', ')} until ${when(p.time('expiresAt'), op)} (${way}${witness && `, ${names.person(witness)}`})`,
      text: p.prose('reason'),
    };
  },
  'breakglass.cover': (p, names) => ({
    summary: `EMERGENCY ACCESS of ${names.person(p.text('holder'))} reaches this incident, too`,
    text: p.prose('reason'),
  }),
  'breakglass.end': (p) => ({ summary: 'emergency access ended', text: p.prose('reason') }),
  'breakglass.review': (p) => ({
    summary: `emergency access reviewed: ${p.text('verdict') === 'finding' ? 'something has to follow' : 'proper'}`,
    text: p.prose('text'),
  }),
  'breakglass.lockout': (p, _names, op) => ({
    summary: `codes typed wrong ${p.text('tries')} times: this console takes none until ${when(p.time('until'), op)}`,
  }),
  'exception.add': (p, names, op) => ({
    summary: `exception until ${when(p.time('until'), op)}: ${p.text('rule')} (${names.person(p.text('owner'))})`,
    text: p.prose('reason'),
  }),
  'exception.end': (p) => ({ summary: 'exception is over', text: p.prose('reason') }),
  'incident.hold': (p) => ({ summary: 'LEGAL HOLD: nothing of this incident may be deleted', text: p.prose('reason') }),
  'incident.restrict': (p, names) => ({
    summary: `RESTRICTED: from here on only those who were named read it${p.text('contact') && `; ask ${names.person(p.text('contact'))}`}`,
  }),
  'incident.sealed': () => ({ summary: 'sealed entry of a restricted incident' }),
  'incident.lift': (p) => ({
    summary: 'restriction lifted: everybody reads it, also what was sealed',
    text: p.prose('reason'),
  }),
  'incident.shred': (p) => ({
    summary: 'erased: its keys were thrown away, what was sealed stays sealed',
    text: p.prose('reason'),
  }),
  'restriction.member': (p, names) => ({
    summary: `${p.text('to') === 'person' ? names.person(p.text('id')) : `${p.text('to')} ${p.text('id')}`} ${p.text('state') === 'in' ? 'may read it' : 'may read it no more'}`,
    text: p.prose('reason'),
  }),
  'incident.looked': (p) => ({ summary: p.text('how') === 'exported' ? 'took a copy out' : 'looked at it' }),
  'incident.key': () => ({ summary: 'its key was handed to a console' }),
  'incident.running': (p) => ({ summary: p.flag('running') ? 'goes on, restricted' : 'over, restricted' }),
  'retention.review': (p, _names, op) => ({
    summary: `kept past its time, until ${when(p.time('until'), op)}`,
    text: p.prose('reason'),
  }),
  'incident.hold-end': (p) => ({ summary: 'legal hold released', text: p.prose('reason') }),
  'breach.answer': (p) => ({
    summary: `breach assessment, ${plain(p.text('item'))}: ${p.text('state') === 'open' ? 'open again' : plain(p.text('state'))}`,
    text: p.prose('note'),
  }),
  'health.change': (p, names, op, was) => {
    const former = typeof was === 'string' ? `${healthName(was)} → ` : '';
    const since = p.time('since');
    const seen =
      since !== null && Math.abs(since - op.eventTime) >= 1_000
        ? `, seen ${formatWhen(since, op.zone, op.eventTime, { seconds: true })}`
        : '';
    return {
      summary: `${names.service(p.text('service'))} ${former}${healthName(p.text('health'))} (${names.source(p.text('source'))}${seen})`,
      text: p.prose('reason'),
      health: Object.hasOwn(HEALTH_NAMES, p.text('health')) ? (p.text('health') as Health) : null,
    };
  },
  'store.report': (p, names, op) => {
    const by = p.text('by');
    return {
      summary: `store ${names.store?.(p.text('store')) ?? p.text('store')}: ${storeSaid(p) || 'reported'}${by && `, says ${by}`} (until ${when(p.time('validUntil'), op)})`,
      text: p.prose('reason'),
    };
  },
  'store.withdraw': (p, names) => ({
    summary: `store ${names.store?.(p.text('store')) ?? p.text('store')}: report withdrawn`,
    text: p.prose('reason'),
  }),
  'health.manual': (p, names, op) => ({
    summary: `${subject(p, names)} ${healthName(p.text('health'))} by hand until ${formatWhen(p.time('until') ?? op.eventTime, op.zone, op.eventTime)}: ${p.text('reason')}`,
    health: Object.hasOwn(HEALTH_NAMES, p.text('health')) ? (p.text('health') as Health) : null,
  }),
  'health.manual-end': (p, names) => ({
    summary: `${subject(p, names)}: health by hand withdrawn${p.text('reason') && `: ${p.text('reason')}`}`,
  }),
  'maintenance.plan': (p, names, op) => {
    const at = (name: string) => formatWhen(p.time(name) ?? op.eventTime, op.zone, op.eventTime);
    return {
      summary: `maintenance "${p.text('title')}" from ${at('from')} to ${at('to')}: ${p
        .list('services')
        .map((id) => names.service(id))
        .join(', ')}`,
    };
  },
  'organisation.found': (p) => ({ summary: `organisation founded: ${p.text('name')} (${p.text('organisation')})` }),
  'console.invite': (p) => ({ summary: `invited a console${p.text('note') && `: ${p.text('note')}`}` }),
  'console.invite-end': (p) => ({ summary: `invitation withdrawn${p.text('reason') && `: ${p.text('reason')}`}` }),
  'console.request': (p) => ({ summary: `console ${p.text('name')} asked to join` }),
  'console.refuse': (p) => ({ summary: `console ${p.text('console')} refused: ${p.text('reason')}` }),
  'console.rename': (p) => ({ summary: `console ${p.text('console')} is now called ${p.text('name')}` }),
  'console.at-rest': (p) => {
    const opens = { passphrase: 'a passphrase', keychain: 'the keychain', both: 'a passphrase or the keychain' }[
      p.text('opens')
    ];
    if (p.text('state') === 'plain') return { summary: "this console's data folder is not encrypted any more" };
    return {
      summary: p.has('changed')
        ? "what opens this console's data folder was changed"
        : `this console's data folder is encrypted${opens === undefined ? '' : `; ${opens} opens it`}`,
    };
  },
  'console.seal-key': () => ({ summary: 'said with what bundles are sealed for this console' }),
  'console.enrol': (p) => ({
    summary: `console enrolled: ${p.text('name')}${p.text('reason') && ` – because ${p.text('reason')}`}`,
  }),
  'console.revoke': (p) => ({ summary: `console ${p.text('console')} revoked: ${p.text('reason')}` }),
  'maintenance.end': (p) => ({
    summary: `maintenance ended${p.text('reason') && `: ${p.text('reason')}`}`,
  }),
  'change.record': (p, names) => {
    const where = several(p.list('services'), names.service);
    const by = p.text('by');
    return {
      summary: `${p.text('kind').replaceAll('-', ' ')}: ${p.text('title')}${where && ` (${where})`}${by && `, by ${by}`}`,
    };
  },
  'change.withdraw': (p, names) => ({
    summary: `change withdrawn: ${names.change?.(p.text('change')) ?? p.text('change')}`,
    text: p.prose('reason'),
  }),
  'policy.put': (p) => ({
    summary:
      p.has('text') && p.text('text') === ''
        ? `policy ${p.text('policy')} reset to what ships`
        : `policy ${p.text('policy')} changed, version ${p.text('version')}`,
    text: p.prose('reason'),
  }),
  'access.grant': (p, names) => ({
    summary: `${holder(p, names)} got the role ${p.text('role')}`,
    text: p.prose('reason'),
  }),
  'access.withdraw': (p, names) => ({
    summary: `role ${p.text('role')} withdrawn from ${holder(p, names)}`,
    text: p.prose('reason'),
  }),
  'access.secret': (p, names) => ({
    summary:
      p.text('state') === 'set'
        ? `${p.text('kind') || 'passphrase'} set for ${names.person(p.text('person'))}`
        : `what ${names.person(p.text('person'))} unlocks with was removed`,
  }),
  'access.unlock': (p, names) => ({
    summary: p.has('tries')
      ? `${p.text('tries')} tries to unlock as ${names.person(p.text('person'))} failed`
      : `unlocked by ${names.person(p.text('person'))} (${p.text('how')})`,
  }),
  'sso.set': (p) => {
    const { name, issuer } = (p.member('provider') ?? {}) as Record<string, unknown>;
    return {
      summary:
        issuer === undefined
          ? 'single sign-on taken out'
          : `single sign-on set: ${oneLine(`${String(name)} (${String(issuer)})`, 300)}`,
      text: p.prose('reason'),
    };
  },
  'sso.match': (p, names) => ({
    summary: `${names.person(p.text('person'))} is ${p.list('logins').join(', ') || 'nobody by a listed login'} in single sign-on`,
  }),
  'sso.end': (p, names) => ({
    summary: `single sign-on of ${names.person(p.text('person'))} ended`,
    text: p.prose('reason'),
  }),
  'access.rescue': (p) => ({ summary: 'every secret of this console was thrown away', text: p.prose('reason') }),
  'impact.checkpoint': (p, names, op) => ({
    summary: tellCorrection(
      p.member('correction'),
      p.text('currency'),
      names.businessService(p.text('businessService')),
      op,
    ),
  }),
};

const WAYS: Record<string, string> = {
  code: 'by a sealed code',
  'two-persons': 'two people',
  remote: 'approved from another console',
  phone: 'approved by phone',
};

/** "update for executives", whatever the op holds. */
function updateName(audience: string): string {
  return audience === '' ? 'an update' : `update for ${audience.replaceAll('-', ' ')}`;
}

const CHANNELS: Record<string, string> = {
  copied: 'copied and sent by hand',
  printed: 'printed',
  'read-out': 'read out',
  delivery: 'waits for delivery',
};
const DELIVERIES: Record<string, string> = {
  delivered: 'delivered',
  failed: 'not delivered',
  withdrawn: 'withdrawn before it was delivered',
};

/** What a person wrote at a step: why, which guards that went past, and what was attached. */
function stepWords(p: Payload): string | null {
  const members = (name: string) => {
    const value = p.member(name);
    return Array.isArray(value)
      ? (value as unknown[]).map((one) => new Payload((one ?? {}) as Record<string, unknown>))
      : [];
  };
  const lines = [
    p.prose('reason'),
    ...members('overruled').map(
      (one) =>
        `Guard overruled: ${GUARDS[one.text('guard')] ?? one.text('guard')}${one.has('figure') ? ` (${one.text('figure')})` : ''}`,
    ),
    ...members('evidence').map((one) => `${one.text('what')}: ${one.text('value')}`),
  ].filter((line) => line !== null);
  return lines.length === 0 ? null : lines.join('\n\n');
}

const GUARDS: Record<string, string> = {
  reach: 'services reached',
  approval: 'no approval in the runbook',
  evidence: 'evidence missing',
  wait: 'waiting time not over',
};
/** "payments-api + orders-db": services that are restored together. */
function together(p: Payload, names: Names): string {
  const services = p.list('services').map((id) => names.service(id));
  return services.length > 3
    ? `${services.slice(0, 3).join(' + ')} and ${services.length - 3} more`
    : services.join(' + ');
}

/** "214 orders: stuck after the retry". */
function owed(p: Payload): string {
  const n = Number(p.text('count'));
  return `${counted(Number.isFinite(n) ? n : 0, p.text('unit'))}: ${oneLine(p.text('title'), 160)}`;
}

function owedName(p: Payload, names: Names): string {
  return oneLine(p.prose('title') ?? names.cleanup?.(p.text('item')) ?? p.text('item'), 160);
}

/** What a report of a store says: "line down, tills work, sells from its own server, 41 waiting". */
function storeSaid(p: Payload): string {
  const parts = (['wan', 'pos', 'edge'] as const).flatMap((part) =>
    p.has(part) ? [`${STORE_PARTS[part]} ${STORE_STATES[p.text(part)] ?? p.text(part)}`] : [],
  );
  if (p.has('fallback')) parts.push(p.flag('fallback') ? 'sells from its own server' : 'sells over the line');
  if (p.has('buffered')) parts.push(`${p.text('buffered')} transactions waiting`);
  return parts.join(', ');
}

const STORE_PARTS = { wan: 'line', pos: 'tills', edge: 'store server' } as const;
const STORE_STATES: Record<string, string> = { works: 'works', hindered: 'hindered', down: 'down', unknown: 'unknown' };

/** The service or business service that a line is about. */
function subject(p: Payload, names: Names): string {
  return p.text('kind') === 'business-service' ? names.businessService(p.text('id')) : names.service(p.text('id'));
}

/** Who holds a role: a person, a team, or a group of single sign-on. */
function holder(p: Payload, names: Names): string {
  return p.text('to') === 'person' ? names.person(p.text('id')) : `${p.text('to')} ${p.text('id')}`;
}

function affected(p: Payload, names: Names): string {
  return p.text('set') === 'businessServices' ? names.businessService(p.text('id')) : names.service(p.text('id'));
}

/** "loss of Checkout from 13:40 to 13:52 corrected: € 31k → € 24k". */
function tellCorrection(correction: unknown, currency: string, name: string, op: OpToTell): string {
  const told = correction as Partial<Record<'from' | 'to' | 'before' | 'after', unknown>> | undefined;
  if (typeof told?.from !== 'number' || typeof told.to !== 'number') return `loss of ${name} so far`;
  const likely = (figures: unknown, measure: string): number | null => {
    const value = ((figures ?? {}) as Record<string, unknown>)[measure];
    return Array.isArray(value) && typeof value[1] === 'number' ? value[1] : null;
  };
  const measure = ['revenueMinor', 'orders', 'transactions'].find((one) => likely(told.after, one) !== null);
  const words = (figures: unknown): string => {
    const value = measure === undefined ? null : likely(figures, measure);
    if (value === null) return '?';
    return measure === 'revenueMinor' ? money(value, currency) : count(value, measure!);
  };
  const span = `${formatWhen(told.from, op.zone, op.eventTime, { zoned: false })} to ${formatWhen(told.to, op.zone, op.eventTime)}`;
  return `loss of ${name} from ${span} corrected: ${words(told.before)} → ${words(told.after)}`;
}
