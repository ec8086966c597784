/** Policies as the contract shows them, and texts that are to be one. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { PolicyLint, PolicyLite, PolicyView } from '../../../shared/contract/policy.ts';
import { isPolicy, POLICIES, POLICY_IDS, policyKind, type PolicyId } from '../../../shared/domain/policy/kinds.ts';
import { MAX_POLICY } from '../../../shared/domain/policy/policy.ts';
import { holds, missing } from '../access/gate.ts';
import { decodeText, sentenceOf } from '../catalog/text.ts';
import type { Context } from '../context.ts';
import { namedActor } from '../names.ts';

/** @throws Refusal `not_found` that names those that there are */
export function findPolicy(key: string): PolicyId {
  const id = key.trim().toLowerCase();
  if (isPolicy(id)) return id;
  throw new Refusal('not_found', `There is no policy "${key.slice(0, 60)}"; there are ${POLICY_IDS.join(', ')}.`);
}

/** Who may do and approve what is changed by whoever may grant access. @throws Refusal `forbidden` */
export function mayChange(context: Context, id: PolicyId): void {
  if ((id === 'access' || id === 'authority') && !holds(context.session, 'grant-access', null))
    throw new Refusal(
      'forbidden',
      missing(context, `Changing the policy ${POLICIES[id].title.toLowerCase()}`, 'grant-access'),
    );
}

export function policyLite(context: Context, id: PolicyId): PolicyLite {
  const { title, summary, file } = policyKind(id);
  const { text, hash, version, op, warning } = context.policies.get(id);
  return {
    ...{ id, title, summary, file, version, hash, warning },
    from: op === null ? 'shipped' : 'record',
    by: op === null ? null : namedActor(context, op.actor),
    at: op?.eventTime ?? null,
    reason: op === null ? null : String(op.payload['reason']),
    differs: text !== context.policies.shipped(id),
  };
}

export function policyView(context: Context, id: PolicyId): PolicyView {
  const { value, text, problems, op: inForce } = context.policies.get(id);
  return {
    ...policyLite(context, id),
    tables: policyKind(id).tables(value),
    problems,
    text,
    shipped: context.policies.shipped(id),
    history: context.policies.history(id).map((op, index) => {
      const payload = op.payload as { text: string | null; hash: string | null; version: number; reason: string };
      return {
        op: op.id,
        version: payload.version,
        hash: payload.hash,
        text: payload.text,
        by: namedActor(context, op.actor),
        at: op.eventTime,
        reason: payload.reason,
        inForce: inForce === null ? index === 0 && payload.text === null : op.id === inForce.id,
      };
    }),
  };
}

/**
 * The policy and the text that somebody means by a file or by the text itself.
 * @throws Refusal when neither or both are given, or the file cannot be read
 */
export function textGiven(input: {
  file?: string | undefined;
  text?: string | undefined;
  policy?: string | undefined;
}): {
  id: PolicyId;
  text: string;
} {
  const { file, text, policy } = input;
  if ((file === undefined) === (text === undefined))
    throw new Refusal('bad_input', 'file: name the file of the policy, or give its text; one of the two.');
  if (text !== undefined) {
    if (policy === undefined) throw new Refusal('bad_input', 'policy: say which policy this text is for.');
    return { id: findPolicy(policy), text };
  }
  const name = basename(file!);
  const own = name.replace(/\.ya?ml$/i, '').toLowerCase();
  if (policy === undefined && !isPolicy(own))
    throw new Refusal(
      'bad_input',
      `policy: which one ${name} is for does not follow from its name; say --policy ${POLICY_IDS.join(' or ')}.`,
    );
  return { id: findPolicy(policy ?? own), text: read(file!, name) };
}

function read(file: string, name: string): string {
  try {
    if (statSync(file).size > 4 * MAX_POLICY)
      throw new Refusal('bad_input', `${name} is larger than a policy can be (${MAX_POLICY} characters).`);
    const decoded = decodeText(readFileSync(file));
    if (decoded.ok) return decoded.text;
    throw new Refusal('bad_input', `${name}: ${decoded.message}`);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_input', `${name} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
}

export function lintPolicy(id: PolicyId, text: string): PolicyLint {
  const kind = policyKind(id);
  const { value, problems } = kind.parse(text);
  return { policy: id, ok: value !== null, problems, tables: value === null ? [] : kind.tables(value) };
}
