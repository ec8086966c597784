/** The baseline of the benches: an Electron window with a static page, and nothing else. Its one argument is its profile. */
import { app, BrowserWindow } from 'electron';
import { join } from 'node:path';

app.setPath('userData', process.argv.at(-1));
app.on('window-all-closed', () => app.quit());
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900 });
  window.on('page-title-updated', (_event, title) => {
    if (title === 'painted') process.stderr.write('bare: ready\n');
  });
  return window.loadFile(join(import.meta.dirname, 'page.html'));
});
