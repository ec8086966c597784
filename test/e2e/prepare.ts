/** Before the first test: the runtime, the libraries, a fresh build and a display, as `npm start` would have them. */
import { prepareWindow } from '../../electron/setup/window.ts';

export default async function prepare(): Promise<() => void> {
  const { runtime, switches, entry, display, stop } = await prepareWindow();
  Object.assign(process.env, display, {
    HOLDFAST_ELECTRON: runtime.executable,
    HOLDFAST_SWITCHES: JSON.stringify(switches),
    HOLDFAST_ENTRY: entry,
  });
  return stop;
}
