import { writeFile } from 'node:fs/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import { formatDate, formatTime } from '../../../shared/domain/times.ts';
import { handle } from '../context.ts';
import { fileName, targetOf, writeWhole } from '../exports/files.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** Brings a picture that the screen drew to the disk; what is no such picture is refused. */
export default handle('map.save', async (context, { to, format, content, replace }) => {
  const bytes = format === 'png' ? Buffer.from(content, 'base64') : Buffer.from(content, 'utf8');
  const genuine =
    format === 'png' ? bytes.subarray(0, 4).equals(SIGNATURE) : /^(<\?xml[^>]*>\s*)?<svg[\s>]/.test(content);
  if (!genuine) throw new Refusal('bad_input', `What was to be saved is no ${format.toUpperCase()} picture.`);
  const zone = context.settings.headquartersZone ?? context.zone;
  const path = await targetOf(
    to,
    `${fileName('map', formatDate(context.now(), zone), formatTime(context.now(), zone, { seconds: true, zoned: false }))}.${format}`,
  );
  const written = await writeWhole(path, replace, (draft) => writeFile(draft, bytes));
  return { path, bytes: written.bytes };
});
