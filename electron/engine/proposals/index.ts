/** Proposals and what is in force. Invariant: a proposal is made anew at every reading and changes nothing. */
import type {
  ProposalView,
  ResponseProposalView,
  ResponseView,
  RuleView,
  SeverityProposalView,
} from '../../../shared/contract/proposal.ts';
import { proposeResponse, substanceOf, type ResponseFired } from '../../../shared/domain/policy/response.ts';
import { proposeSeverity, type Fired } from '../../../shared/domain/policy/severity.ts';
import {
  diffSubstance,
  ResponseLevel,
  ResponseModel,
  Substance,
  substanceLines,
  Suspicion,
} from '../../../shared/domain/policy/substance.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { Severity, Status } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { conflictView } from '../incidents/conflicts.ts';
import { textsOf } from '../incidents/view.ts';
import { namedActor } from '../names.ts';
import { runsOf } from '../runbooks/runs.ts';
import type { EntityRow } from '../store/projection.ts';
import { factsOf, type Subject } from './facts.ts';
import { responseInForce } from './in-force.ts';

/** Runbooks that a proposal names. */
const MAX_RUNBOOKS = 5;

export function subjectOf(context: Context, { id, doc }: EntityRow): Subject {
  return {
    title: String(doc['title'] ?? ''),
    services: textsOf(doc['services']),
    businessServices: textsOf(doc['businessServices']),
    data: Suspicion.catch('none').parse(doc['data']),
    security: Suspicion.catch('none').parse(doc['security']),
    startedAt: Number(doc['startedAt'] ?? doc['declaredAt']),
    running: new Set(runsOf(context, id).map(({ runbook }) => runbook)),
  };
}

/** What is proposed for `subject`; `row` is its incident when it was declared, `chosen` a severity that somebody picked. */
export function propose(
  context: Context,
  subject: Subject,
  { row = null, chosen }: { row?: EntityRow | null; chosen?: Severity | undefined } = {},
): ProposalView {
  const severities = context.policies.get('severity');
  const facts = factsOf(context, subject, severities.value);
  const proposed = proposeSeverity(severities.value, facts.severity);
  const inForce = row === null ? null : Severity.catch('SEV1').parse(row.doc['severity']);
  const severityRules = proposed.fired.map(ruleView);
  const severityKept = keptOf(context, row, 'severity', proposed.severity, severityRules);
  const over = row !== null && isOver(Status.catch('declared').parse(row.doc['status']));
  // Nobody is asked to change what rests on nothing yet.
  const bare = proposed.deciding === null && subject.services.length + subject.businessServices.length === 0;

  const responses = context.policies.get('response');
  const answer = proposeResponse(responses.value, facts.response(chosen ?? inForce ?? proposed.severity));
  const { level, model } = answer;
  const levelRules = answer.levelFired.map(ruleView);
  const modelRules = answer.modelFired === null ? [] : [ruleView(answer.modelFired)];
  const present = row === null ? null : responseInForce(row);
  const responseKept = keptOf(context, row, 'response', `${level}/${model}`, [...levelRules, ...modelRules]);

  return {
    severity: {
      proposed: proposed.severity,
      inForce,
      rules: severityRules,
      unknown: proposed.unknown,
      policy: { hash: severities.hash, version: severities.version },
      kept: severityKept,
      open: !over && !bare && inForce !== null && inForce !== proposed.severity && severityKept === null,
    },
    response: {
      proposed: { level, model },
      inForce: present && { level: present.level, model: present.model },
      levelRules,
      modelRules,
      unknown: answer.unknown,
      policy: { hash: responses.hash, version: responses.version },
      kept: responseKept,
      open:
        !over &&
        row !== null &&
        responseKept === null &&
        (present === null || present.level !== level || present.model !== model),
    },
    data: subject.data,
    security: subject.security,
    facts: facts.told,
    runbooks: facts.suggestions
      .slice(0, MAX_RUNBOOKS)
      .map(({ id, title, reasons }) => ({ id, title, why: reasons.slice(0, 3).join('; ') })),
    asOf: context.now(),
  };
}

export function proposalFor(context: Context, row: EntityRow): ProposalView {
  return propose(context, subjectOf(context, row), { row });
}

function ruleView(fired: Fired | ResponseFired): RuleView {
  const { rule, line, because, why } = fired;
  const gives = 'severity' in fired ? fired.severity : fired.gives;
  return { rule, line, gives, because, why, inDoubt: 'inDoubt' in fired && fired.inDoubt };
}

/** Somebody's word that what is in force stays, when it was said of this very proposal. */
function keptOf(
  context: Context,
  row: EntityRow | null,
  what: 'severity' | 'response',
  proposed: string,
  rules: readonly RuleView[],
): SeverityProposalView['kept'] {
  const kept = row?.doc[`kept:${what}`] as
    | { proposed: string; rules: string[]; reason: string | null; by: string; at: number }
    | null
    | undefined;
  if (!kept || kept.proposed !== proposed) return null;
  // A rule that did not hold then is news; one that holds no longer is not.
  if (rules.some(({ rule }) => !kept.rules.includes(rule))) return null;
  return { by: namedActor(context, kept.by), at: kept.at, reason: kept.reason };
}

/** What an incident's response asks for: what was pinned when it was chosen, else what is proposed. */
export function substanceFor(context: Context, row: EntityRow, proposal?: ResponseProposalView): Substance {
  const present = responseInForce(row);
  if (present?.substance) return present.substance;
  const { level, model } = present ?? (proposal ?? proposalFor(context, row).response).proposed;
  return substanceOf(context.policies.get('response').value, level, model);
}

export function responseView(
  context: Context,
  row: EntityRow,
  wanted: { level?: ResponseLevel | undefined; model?: ResponseModel | undefined } = {},
): ResponseView {
  const { value: policy } = context.policies.get('response');
  const { response: proposal } = proposalFor(context, row);
  const present = responseInForce(row);
  const { level, model } = present ?? proposal.proposed;
  const substance = present?.substance ?? substanceOf(policy, level, model);
  const heads = Object.values(context.store.state('incident', row.id, row.id)?.contested['response']?.heads ?? {});
  const head = heads.find((one) => one.value === `${level}/${model}`);
  const conflict = row.doc.conflicts?.find(({ field }) => field === 'response');
  const looked = { level: wanted.level ?? level, model: wanted.model ?? model };
  const asked = wanted.level !== undefined || wanted.model !== undefined;
  const after = substanceOf(policy, looked.level, looked.model);
  return {
    proposal,
    inForce:
      present && head
        ? { level, model, by: namedActor(context, head.actor), at: head.eventTime, reason: head.reason ?? null }
        : null,
    chosen: present !== null,
    ...{ level, model, substance },
    lines: substanceLines(substance),
    conflict: conflict ? conflictView(context, conflict) : null,
    levels: ResponseLevel.options.map((one) => ({ level: one, means: policy.levels[one].means })),
    models: ResponseModel.options.map((one) => ({ model: one, means: policy.models[one].means })),
    preview: asked
      ? { ...looked, substance: after, lines: substanceLines(after), diff: diffSubstance(substance, after) }
      : null,
  };
}

/** A response as an op writes it: level and model with what they ask for now, beside what was proposed. */
export function responsePayload(
  context: Context,
  { level, model }: { level: ResponseLevel; model: ResponseModel },
  proposal: ResponseProposalView,
) {
  const { value: policy, hash } = context.policies.get('response');
  return {
    level,
    model,
    substance: substanceOf(policy, level, model),
    policy: hash,
    proposal: {
      ...proposal.proposed,
      rules: [...proposal.levelRules, ...proposal.modelRules].map(({ rule }) => rule),
    },
  };
}

/** A severity's proposal as an op writes it. */
export function severityPayload({ proposed, rules, policy }: SeverityProposalView) {
  return { severity: proposed, rules: rules.map(({ rule }) => rule), policy: policy.hash };
}
