/** A window with a page and nothing else. Its arguments are its profile and the page. */
import { app, BrowserWindow } from 'electron';

const [profile, page] = process.argv.slice(-2);
app.setPath('userData', profile);
app.on('window-all-closed', () => app.quit());
void app.whenReady().then(() => new BrowserWindow({ width: 1440, height: 900 }).loadFile(page));
