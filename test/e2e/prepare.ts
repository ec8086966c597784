/** Before the first test: the runtime, the libraries and a fresh build, as `npm start` would have them. */
import { prepareWindow } from '../../electron/setup/window.ts';

export default async function prepare(): Promise<void> {
  const { runtime, switches, entry, stop } = await prepareWindow();
  // Each worker opens a display of its own.
  stop();
  Object.assign(process.env, {
    HOLDFAST_ELECTRON: runtime.executable,
    HOLDFAST_SWITCHES: JSON.stringify(switches),
    HOLDFAST_ENTRY: entry,
  });
}
