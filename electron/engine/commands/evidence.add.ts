import { open, realpath } from 'node:fs/promises';
import { basename, isAbsolute, relative } from 'node:path';
import { MAX_EVIDENCE } from '../../../shared/domain/evidence.ts';
import { sizeWords } from '../../../shared/domain/link/words.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { sentenceOf } from '../catalog/text.ts';
import { handle } from '../context.ts';
import { hashOf } from '../evidence/shelf.ts';
import { evidenceOf } from '../evidence/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('evidence.add', async (context, { incident, path, text }) => {
  const { id } = findIncident(context, incident);
  const bytes = await contentOf(path, context.paths.data);
  const payload = {
    ...context.evidence.shelf.seal(bytes),
    sha256: hashOf(bytes),
    name: basename(path).slice(0, 200),
    size: bytes.length,
    ...(text ? { text } : {}),
  };
  const entry = context.commit((tx) => tx.append({ scope: id, type: 'entry.evidence', payload }).id);
  void context.evidence.carry();
  return evidenceOf(context, id).find((one) => one.entry === entry)!;
});

async function contentOf(path: string, data: string): Promise<Buffer> {
  const refuse = (why: string) => new Refusal('bad_input', `path: ${path} can't be attached: ${why}.`);
  try {
    const within = relative(await realpath(data), await realpath(path));
    if (!within.startsWith('..') && !isAbsolute(within))
      throw refuse('it lies in the data folder of this console, whose keys must not leave it');
    const handle = await open(path, 'r');
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw refuse('it is no file; put what is in a folder into one file, such as a .zip');
      if (stat.size === 0) throw refuse('it is empty');
      if (stat.size > MAX_EVIDENCE)
        throw refuse(`it has ${sizeWords(stat.size)} and at most ${sizeWords(MAX_EVIDENCE)} are taken`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof Refusal ? error : refuse(sentenceOf(error));
  }
}
