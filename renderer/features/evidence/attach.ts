/** Attaches files that the person chooses, one entry for each; the first refusal ends it. */
import type { Reply } from '../../../shared/contract/spec.ts';
import { bridge, call } from '../../bridge/client.ts';

/** Null when nothing was chosen. */
export async function attach(incident: string, text: string | undefined): Promise<Reply | null> {
  let reply: Reply | null = null;
  for (const path of await bridge.choosePaths('evidence-files')) {
    reply = await call('evidence.add', { incident, path, ...(text === undefined ? {} : { text }) });
    if (!reply.ok) return reply;
  }
  return reply;
}
