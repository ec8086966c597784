/**
 * A console without a window, as a process of its own: it opens a data folder and its door, and tells its parent when it
 * is ready. `--die-after NAME` makes it kill itself when it has carried out NAME and before it answers.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openEngine } from '../../electron/engine/engine.ts';
import { openDoor } from '../../electron/engine/socket.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, 'die-after': { type: 'string' }, demonstration: { type: 'boolean' } },
});
const data = values.data!;
const engine = await openEngine({
  data,
  assets: fileURLToPath(new URL('../../assets/', import.meta.url)),
  version: '0.1.0',
  demonstration: values.demonstration ?? false,
  poll: true,
});
const door = await openDoor(
  {
    call: async (name, input, options) => {
      const reply = await engine.call(name, input, options);
      if (name === values['die-after']) process.kill(process.pid, 'SIGKILL');
      return reply;
    },
  },
  data,
  '0.1.0',
);
process.on('message', (message) => {
  if (message !== 'close') return;
  void door
    .close()
    .then(() => engine.close())
    .then(() => process.exit(0));
});
process.send!('ready');
