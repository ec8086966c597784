/**
 * Printing a document to PDF. Invariant: the window that lays it out is never seen, runs no script, has a session of its
 * own that is thrown away, and can load that one document and nothing else, from wherever.
 */
import { BrowserWindow, session, type Session } from 'electron';
import type { FromPrinter, ToPrinter } from '../../shared/contract/printing.ts';
import { SCHEME } from './origin.ts';

const DOCUMENT = `${SCHEME}://print/document`;
/** A document of thousands of pages takes its time, ms. */
const LIMIT = 5 * 60_000;
/** Layouts hold whole documents in memory, so one is made at a time. */
let last: Promise<unknown> = Promise.resolve();
let jobs = 0;

/** Answers one request of the engine. Never rejects. */
export async function printFor({ id, html }: ToPrinter): Promise<FromPrinter> {
  try {
    return { type: 'print', id, pdf: await print(html), problem: '' };
  } catch (error) {
    return { type: 'print', id, pdf: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The PDF of a whole HTML file, A4. */
export function print(html: string): Promise<Uint8Array> {
  const job = last.then(() => layOut(html));
  last = job.catch(() => undefined);
  return job;
}

async function layOut(html: string): Promise<Uint8Array> {
  const own = session.fromPartition(`print-${++jobs}`, { cache: false });
  serveOnly(own, html);
  const window = new BrowserWindow({
    show: false,
    width: 900,
    height: 1200,
    webPreferences: {
      session: own,
      // Without a surface on any screen it also lays out where there is no display.
      offscreen: true,
      javascript: false,
      images: false,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const failed = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`it took longer than ${LIMIT / 60_000} min`)), LIMIT);
      window.webContents.once('render-process-gone', (_event, { reason }) =>
        fail(new Error(`the page stopped (${reason})`)),
      );
    });
    const pdf = window.loadURL(DOCUMENT).then(() =>
      window.webContents.printToPDF({
        pageSize: 'A4',
        preferCSSPageSize: true,
        printBackground: true,
        generateTaggedPDF: true,
        generateDocumentOutline: true,
        displayHeaderFooter: true,
        headerTemplate: '<span></span>',
        footerTemplate:
          '<div style="width:100%;padding:0 14mm;font:7pt sans-serif;color:#3d454d;text-align:right"><span class="title"></span> · <span class="pageNumber"></span> / <span class="totalPages"></span></div>',
      }),
    );
    pdf.catch(() => undefined);
    return await Promise.race([pdf, failed]);
  } finally {
    clearTimeout(timer);
    window.destroy();
    own.protocol.unhandle(SCHEME);
  }
}

function serveOnly(own: Session, html: string): void {
  own.protocol.handle(SCHEME, ({ url }) =>
    url === DOCUMENT
      ? new Response(html, {
          headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
        })
      : new Response('', { status: 404 }),
  );
  own.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: url !== DOCUMENT }));
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
}
