/** The evidence of an incident, and finding one piece of it by what people type. */
import type { EvidenceVerdict, EvidenceView } from '../../../shared/contract/evidence.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import type { Context } from '../context.ts';
import { consoleName } from '../joining/membership.ts';
import { namedActor } from '../names.ts';
import { hashOf } from './shelf.ts';

const MOST = 500;

interface Payload {
  file: string;
  key: string;
  sha256: string;
  name: string;
  size: number;
  text?: string;
}

/** The content of what was found, or null when it is not on this machine, or is not what its author signed. */
export function contentOf({ store, evidence }: Context, { entry, file, sha256 }: EvidenceView): Buffer | null {
  const key = (store.log.get(entry)?.payload as Payload | undefined)?.key ?? '';
  const content = evidence.shelf.open(file, key);
  return content !== null && hashOf(content) === sha256 ? content : null;
}

/** Whether what is here is what its author signed. What is not is told of from now on as not here. */
export function checkContent(context: Context, incident: string, found: EvidenceView): EvidenceVerdict {
  const { evidence } = context;
  if (!evidence.shelf.has(found.file)) return 'missing';
  if (contentOf(context, found) !== null) return 'good';
  evidence.spoilt(found.file, { scope: incident, name: found.name });
  return 'damaged';
}

/** Every file of an incident by its hash, without what was taken back. */
export function filesOf({ store }: Pick<Context, 'store'>, incident: string): string[] {
  return store
    .entries({ scope: incident }, { limit: Number.MAX_SAFE_INTEGER, types: ['entry.evidence'] })
    .filter(({ op }) => store.state('correction', incident, op.id)?.fields['undone'] === undefined)
    .map(({ op }) => (op.payload as unknown as Payload).file);
}

/** The newest first; what was taken back is left out. */
export function evidenceOf(context: Context, incident: string): EvidenceView[] {
  const { store, evidence } = context;
  return store
    .entries({ scope: incident }, { limit: MOST, types: ['entry.evidence'] })
    .filter(({ op }) => store.state('correction', incident, op.id)?.fields['undone'] === undefined)
    .map(({ op, at }) => {
      const { file, sha256, name, size, text } = op.payload as unknown as Payload;
      return {
        ...{ file, sha256, size, at, entry: op.id, text: text ?? null },
        name: oneLine(name, 200),
        by: namedActor(context, op.actor),
        console: { id: op.console, name: consoleName(store, op.console) },
        state: evidence.state(file),
        problem: evidence.problem(file),
      };
    });
}

/** @param key its name, or how its hash begins. @throws Refusal */
export function findEvidence(context: Context, incident: string, key: string): EvidenceView {
  const all = evidenceOf(context, incident);
  const found = all.filter(
    ({ sha256, name }) => name === key || (key.length >= 6 && sha256.startsWith(key.toLowerCase())),
  );
  const [first] = found;
  if (!first)
    throw new Refusal(
      'not_found',
      all.length === 0
        ? 'Nothing is attached to this incident.'
        : `Nothing attached here is called "${key.slice(0, 80)}"; there is ${all
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ')}.`,
    );
  if (found.some(({ sha256 }) => sha256 !== first.sha256))
    throw new Refusal(
      'refused',
      `Several files are called "${key.slice(0, 80)}"; say which by its hash: ${found.map(({ sha256 }) => sha256.slice(0, 12)).join(', ')}.`,
    );
  return first;
}
