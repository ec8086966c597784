/**
 * What no page may do, whatever it is. Invariant: denied unless named here, for every session and every WebContents,
 * also for those that nobody meant to create.
 */
import { app, type Session, type WebContents } from 'electron';
import { log } from './log.ts';

const NETWORK = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'];

/** Before the first window. */
export function hardenApplication(): void {
  app.on('session-created', hardenSession);
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, decide) => {
    event.preventDefault();
    decide(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, decide) => {
    event.preventDefault();
    decide();
  });
  app.on('login', (event) => event.preventDefault());
}

function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    log('permission refused', { permission });
    decide(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => {
    log('download refused');
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest({ urls: NETWORK }, (_request, decide) => decide({ cancel: true }));
}

function hardenContents(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }): void => {
    log('navigation refused', { contents: contents.id });
    event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => {
    log('new window refused', { contents: contents.id });
    return { action: 'deny' };
  });
}
