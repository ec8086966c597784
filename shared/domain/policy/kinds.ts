/** The one list of policies, in the order in which they are shown. A new one is a file beside this, its text in `assets/policy/`, and a line here. */
import { accessPolicy } from './access.ts';
import { checklistsPolicy } from './checklists.ts';
import { authorityPolicy } from './authority.ts';
import { breachPolicy } from './breach.ts';
import { breakglassPolicy } from './breakglass.ts';
import { degradedPolicy } from './degraded.ts';
import type { PolicyKind } from './policy.ts';
import { retentionPolicy } from './retention.ts';
import { responsePolicy } from './response.ts';
import { severityPolicy } from './severity.ts';

export const POLICIES = {
  severity: severityPolicy,
  response: responsePolicy,
  authority: authorityPolicy,
  access: accessPolicy,
  checklists: checklistsPolicy,
  degraded: degradedPolicy,
  breakglass: breakglassPolicy,
  breach: breachPolicy,
  retention: retentionPolicy,
} as const;

export type PolicyId = keyof typeof POLICIES;
export type PolicyValue<K extends PolicyId> = (typeof POLICIES)[K] extends PolicyKind<infer V> ? V : never;

export const POLICY_IDS = Object.keys(POLICIES) as PolicyId[];

export function isPolicy(id: string): id is PolicyId {
  return Object.hasOwn(POLICIES, id);
}

/** The policy of that id, whatever its values are. */
export function policyKind(id: PolicyId): PolicyKind<unknown> {
  return POLICIES[id] as PolicyKind<unknown>;
}
