/**
 * Draws the PNGs from holdfast.svg with Electron's own renderer: `<electron> [--no-sandbox] assets/icons/render.mjs`.
 * Windows' and macOS's formats are made from the largest when a package is built.
 */
import { app, BrowserWindow } from 'electron';
import { readFileSync, writeFileSync } from 'node:fs';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const file = (name) => new URL(name, import.meta.url);

/** The window's part: runs in the page. */
const draw = async (source, sizes) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  return sizes.map((size) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, size, size);
    return canvas.toDataURL('image/png');
  });
};

async function render() {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true } });
  await window.loadURL('data:text/html,<title>icons</title>');
  const source = `data:image/svg+xml;base64,${readFileSync(file('holdfast.svg')).toString('base64')}`;
  const images = await window.webContents.executeJavaScript(
    `(${String(draw)})(${JSON.stringify(source)}, ${JSON.stringify(SIZES)})`,
  );
  for (const [index, size] of SIZES.entries()) {
    writeFileSync(file(`${size}x${size}.png`), Buffer.from(images[index].split(',')[1], 'base64'));
  }
  app.quit();
}

// Electron is not ready before this module has been evaluated, so nothing here may wait for it.
void app.whenReady().then(render);
