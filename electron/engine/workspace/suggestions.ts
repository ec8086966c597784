/**
 * What the console would do next, each as one thing that a person takes or dismisses. Invariant: a suggestion explains
 * itself; once it was taken or dismissed it is not offered again on the same facts, and what was done already is not suggested.
 */
import { createHash } from 'node:crypto';
import type { Causes, CauseView } from '../../../shared/contract/cause.ts';
import type { Input, Name } from '../../../shared/contract/table.ts';
import type { ProposalView } from '../../../shared/contract/proposal.ts';
import type { SuggestionView, WorkspaceView } from '../../../shared/contract/workspace.ts';
import { isWorse } from '../../../shared/domain/policy/severity.ts';
import { responseName } from '../../../shared/domain/policy/words.ts';
import { onCall } from '../../../shared/domain/rota.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { canonical, type Json } from '../../../shared/ops/canonical.ts';
import type { Context } from '../context.ts';
import { isAway } from '../estate/away.ts';
import { asksOf } from '../incidents/view.ts';
import { hashOf, nameOf, type Restoration } from '../restoration/index.ts';
import type { Role } from '../../../shared/domain/words.ts';
import type { EntityRow } from '../store/projection.ts';
import { settledOf } from '../suggestions/settled.ts';
import { proposeRoles } from './roles.ts';

/** A suggestion with the command that carries it out. */
export interface Suggestion extends SuggestionView {
  command: { [K in Name]: { name: K; input: Input<K> } }[Name];
}

export interface Found {
  causes: Causes;
  runbooks: readonly { id: string; title: string; why: string; hash: string }[];
  restoration: Restoration;
  owners: ReadonlySet<string>;
  proposal: ProposalView;
  /** Roles that the response asks for. */
  required: readonly Role[];
  drafts: WorkspaceView['drafts'];
}

/** Most runbooks that are offered at once. */
const RUNBOOKS = 2;
const ROLLBACK_MINUTES = 10;

/** Those that nobody decided on, the most pressing first. */
export function suggestions(context: Context, row: EntityRow, found: Found): Suggestion[] {
  const settled = settledOf(context, row.id);
  return [
    ...severity(row, found.proposal),
    ...rollback(context, row, found.causes),
    ...response(row, found.proposal),
    ...roles(context, row, found),
    ...runbooks(row, found.runbooks),
    ...restoration(context, row, found.restoration),
    ...updates(row, found.drafts),
  ].filter(({ kind, key, facts }) => settled(kind, key, facts) === 'open');
}

function factsOf(...facts: Json[]): string {
  return createHash('sha256').update(canonical(facts)).digest('hex').slice(0, 16);
}

/** Kinds of changes that can be taken back, by what to say. */
const REVERSIBLE: Record<string, string> = {
  deployment: 'Roll back',
  configuration: 'Put back',
  'feature-flag': 'Switch back',
  scaling: 'Scale back',
};

/** A change shortly before it began, on what probably is the cause. */
function rollback(context: Context, row: EntityRow, { candidates }: Causes): Suggestion[] {
  const fits = (one: CauseView): boolean =>
    one.change !== null &&
    Object.hasOwn(REVERSIBLE, one.change.kind) &&
    one.judgement?.verdict !== 'ruled-out' &&
    (one.rank === 1 || one.lead !== 'open' || one.judgement?.verdict === 'confirmed');
  const cause = candidates.slice(0, 3).find(fits);
  if (!cause?.change) return [];
  const { change, service, reasons, share } = cause;
  const owner = ownerOnCall(context, service.id);
  const title = `${REVERSIBLE[change.kind]!} ${change.title}`;
  // Somebody was asked already, by hand.
  if (asksOf(context, row.id).some(({ text }) => text.startsWith(title))) return [];
  const changed = reasons.find(({ kind }) => kind === 'changed');
  return [
    {
      kind: 'rollback',
      key: change.id,
      facts: factsOf('rollback', change.id, service.id),
      title: title.slice(0, 500),
      why: [
        ...(changed ? [changed.text.replace(/\.$/, '')] : []),
        `its service explains ${Math.round(share * 100)} % of what is sick`,
        'putting a change back before its cause is understood is quicker than understanding it',
      ],
      does: `asks ${owner === null ? 'somebody (nobody is on call for it)' : context.estate.actorName(owner)} to do it within ${ROLLBACK_MINUTES} min`,
      command: {
        name: 'incident.ask',
        input: {
          incident: row.id,
          text: `${title} (${service.name}), if it can be done safely`,
          owner,
          minutes: ROLLBACK_MINUTES,
        },
      },
    },
  ];
}

/** Who is on call for a service, primary first. */
function ownerOnCall(context: Context, service: string): string | null {
  const { estate, now } = context;
  const team = estate.get('team', estate.get('service', service)?.owner ?? '');
  const shifts = (team?.rota ?? []).flatMap((line) => {
    const shift = onCall(line, now());
    return shift && estate.get('person', shift.person) && !isAway(context, shift.person)
      ? [{ role: line.role, person: shift.person }]
      : [];
  });
  return (shifts.find(({ role }) => role === 'primary') ?? shifts[0])?.person ?? null;
}

function severity(row: EntityRow, { severity: of }: ProposalView): Suggestion[] {
  if (!of.open || of.inForce === null) return [];
  const [first] = of.rules;
  const lowers = isWorse(of.inForce, of.proposed);
  return [
    {
      kind: 'severity',
      key: 'severity',
      facts: factsOf(
        'severity',
        of.inForce,
        of.proposed,
        of.rules.map(({ rule }) => rule),
      ),
      title: `${lowers ? 'Lower' : 'Raise'} the severity from ${of.inForce} to ${of.proposed}`,
      why:
        of.rules.length === 0
          ? ['no rule of the policy asks for more']
          : of.rules.slice(0, 2).map(({ because }) => because),
      does: 'sets the severity',
      command: {
        name: 'incident.severity',
        input: {
          incident: row.id,
          severity: of.proposed,
          ...(lowers ? { reason: `as the policy proposes: ${first?.because ?? 'no rule asks for more'}` } : {}),
        },
      },
    },
  ];
}

function response(row: EntityRow, { response: of }: ProposalView): Suggestion[] {
  if (!of.open) return [];
  const { level, model } = of.proposed;
  const rules = [...of.levelRules.slice(0, 1), ...of.modelRules.slice(0, 1)];
  return [
    {
      kind: 'response',
      key: 'response',
      facts: factsOf('response', level, model, of.inForce === null ? null : `${of.inForce.level}/${of.inForce.model}`),
      title: `Answer at ${responseName(level)} with ${responseName(model)}`,
      why: rules.length === 0 ? ['no rule of the policy asks for more'] : rules.map(({ because }) => because),
      does: 'sets roles, cadence, escalation and checklists',
      command: { name: 'incident.model', input: { incident: row.id } },
    },
  ];
}

function roles(context: Context, row: EntityRow, { owners, required }: Found): Suggestion[] {
  return proposeRoles(context, row, owners, required).map(({ role, person, title, why }) => ({
    kind: 'role',
    key: role,
    facts: factsOf('role', role, person),
    title,
    why,
    does: 'assigns the role',
    command: { name: 'incident.assign', input: { incident: row.id, role, person } },
  }));
}

function runbooks(row: EntityRow, list: Found['runbooks']): Suggestion[] {
  return list.slice(0, RUNBOOKS).map(({ id, title, why, hash }) => ({
    kind: 'runbook',
    key: id,
    facts: factsOf('runbook', id, hash),
    title: `Start ${title}`,
    why: why.split('; '),
    does: 'starts the runbook',
    command: { name: 'incident.run', input: { incident: row.id, runbook: id } },
  }));
}

function restoration(context: Context, row: EntityRow, { adopted, proposal, next }: Restoration): Suggestion[] {
  if (adopted !== null || proposal.items.length === 0) return [];
  const [first] = proposal.items;
  return [
    {
      kind: 'restoration',
      key: 'plan',
      facts: hashOf(next).slice(0, 16),
      title: `Restore in this order: ${proposal.items.length} ${proposal.items.length === 1 ? 'item' : 'items'}, first ${nameOf(context, first!)}`,
      why: first!.why.slice(0, 3),
      does: 'adopts the restoration plan',
      command: { name: 'restoration.adopt', input: { incident: row.id } },
    },
  ];
}

function updates(row: EntityRow, drafts: WorkspaceView['drafts']): Suggestion[] {
  return drafts.map(({ audience, name, minutes, text }) => ({
    kind: 'update',
    key: audience,
    facts: factsOf('update', audience),
    title: `Draft the first update for ${name}`,
    why: [
      minutes === null ? 'they must hear' : `they hear every ${minutes} min`,
      `it would begin: ${oneLine(text, 160)}`,
    ],
    does: 'keeps a draft that somebody reads before it goes out',
    command: { name: 'update.save', input: { incident: row.id, audience, text } },
  }));
}
