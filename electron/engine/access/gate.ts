/**
 * The one check of every call of every caller. Invariant: asked before the input is looked at; a locked session changes
 * nothing and reads only what the policy leaves readable; a refusal says what is missing and who has it.
 */
import { Refusal, type Capability, type Spec } from '../../../shared/contract/spec.ts';
import type { Context, Session } from '../context.ts';
import { whoHas } from './rights.ts';

/** @throws Refusal `locked` or `forbidden` */
export function pass(context: Context, spec: Pick<Spec, 'kind' | 'title' | 'capability'>, input: unknown): void {
  const { session } = context;
  if (spec.capability === null) return;
  if (session.state === 'locked' && (spec.kind === 'command' || !session.capabilities.has(spec.capability)))
    throw new Refusal('locked', `The console is locked: unlock it to use "${spec.title}".`);
  if (!holds(session, spec.capability, incidentOf(context, input)))
    throw new Refusal('forbidden', missing(context, `"${spec.title}"`, spec.capability));
}

/** Whether the session has a capability, everywhere or in this incident. */
export function holds(session: Session, capability: Capability, incident: string | null): boolean {
  if (session.capabilities.has(capability)) return true;
  return (
    incident !== null && session.rights.some((right) => right.capability === capability && right.incident === incident)
  );
}

/** "“Approve” needs the capability "approve-critical", which Li Wei does not have. Ana Kovač has it." */
export function missing(context: Context, what: string, capability: Capability): string {
  const { person } = context.session;
  const who = person === null ? 'this session' : context.estate.actorName(person);
  // A console that was opened by the glass gives what was asked for and nothing that the holder has besides.
  const lacks = context.session.how === 'break-glass' ? 'this emergency access does not give' : `${who} does not have`;
  return `${what} needs the capability "${capability}", which ${lacks}. ${whoHas(context, capability)}`;
}

/** The id of the incident that an input names; null when it names none that there is. */
function incidentOf(context: Context, input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'incident')) return null;
  const { incident } = input as { incident: unknown };
  if (typeof incident !== 'string' || incident.length > 200) return null;
  for (const [id, label] of context.incidents.labels())
    if (id === incident || label.toLowerCase() === incident.trim().toLowerCase()) return id;
  return null;
}
