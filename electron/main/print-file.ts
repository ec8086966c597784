/**
 * Prints one HTML file to PDF without a console: what the command line starts when no console is open. Invariant: it opens
 * no data folder, shows no window, and its status says whether the PDF is there.
 */
import { app } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hardenApplication } from './hardening.ts';
import { print } from './print.ts';
import { registerScheme } from './scheme.ts';

const [from, to] = process.argv.slice(-2) as [string, string];
// Chromium writes until its last moment, so whoever made the folder of the PDF removes this with it.
app.setPath('userData', join(dirname(to), 'chromium'));
app.disableHardwareAcceleration();
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerScheme();
hardenApplication();
// The only window goes when the page is printed; the end is decided below.
app.on('window-all-closed', () => undefined);
void app
  .whenReady()
  .then(() => print(readFileSync(from, 'utf8')))
  .then((pdf) => writeFileSync(to, pdf))
  .then(
    () => app.exit(0),
    (error: unknown) => {
      process.stderr.write(`holdfast: ${error instanceof Error ? error.message : String(error)}\n`);
      app.exit(1);
    },
  );
