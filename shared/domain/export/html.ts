/**
 * An incident as one HTML file. Invariants: it loads nothing, runs nothing and its policy forbids both; words that people
 * wrote are text, isolated in their direction; it reads in light and dark and prints on paper.
 */
import type { DocumentEntry, DocumentHead } from '../../contract/exports.ts';
import { DocumentClock } from './clock.ts';
import {
  correctionLines,
  entryLead,
  imprint,
  laterTimes,
  sectionsAfter,
  sectionsBefore,
  type Block,
  type Cell,
  type Section,
} from './sections.ts';
import { html } from './visible.ts';
import type { DocumentWriter } from './writer.ts';

const HEALTH_SHAPES: Record<string, string> = {
  healthy: '●',
  'early-warning': '◐',
  degraded: '▲',
  failing: '■',
  unknown: '?',
};

/** @param styleHash base64 SHA-256 of `STYLE`: the only style that the file's policy lets in */
export function htmlWriter(head: DocumentHead, styleHash: string): DocumentWriter {
  const clock = new DocumentClock(head.zone);
  const { incident } = head;
  return {
    *begin() {
      yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(`${incident.label} ${incident.title}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
${head.demonstration ? '<p class="demonstration">DEMONSTRATION: the estate and its signals are invented.</p>\n' : ''}<p class="label"><span class="severity ${incident.severity.toLowerCase()}">${html(incident.severity)}</span> ${html(incident.label)} · ${html(incident.status)}</p>
<h1>${bdi(incident.title)}</h1>
${imprint(head, clock)
  .map((line) => `<p class="imprint">${html(line)}</p>`)
  .join('\n')}
</header>
`;
      for (const section of sectionsBefore(head, clock)) yield* sectionText(section);
      yield `<section>\n<h2>Timeline</h2>\n${head.entries === 0 ? '<p>Nothing was written.</p>' : ''}<ol class="timeline">\n`;
    },
    entry: (entry) => entryText(entry, clock),
    *end() {
      yield '</ol>\n</section>\n';
      for (const section of sectionsAfter(head, clock)) yield* sectionText(section);
      yield '</main>\n</body>\n</html>\n';
    },
  };
}

/** What a sheet says of itself. */
interface SheetHead {
  kind: string;
  label: string;
  title: string;
  severity: string;
  status: string;
  demonstration: boolean;
  lines: readonly string[];
}

/** A sheet of sections without a timeline, as one HTML file that loads and runs nothing. @param styleHash as in `htmlWriter` */
export function sheetHtml(head: SheetHead, sections: readonly Section[], styleHash: string): string {
  return [
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${html(`${head.kind} ${head.label} ${head.title}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
${head.demonstration ? '<p class="demonstration">DEMONSTRATION: the estate and its signals are invented.</p>\n' : ''}<p class="label">${head.severity === '' ? '' : `<span class="severity ${html(head.severity.toLowerCase())}">${html(head.severity)}</span> `}${html([head.label, head.status, head.kind].filter(Boolean).join(' · '))}</p>
<h1>${bdi(head.title)}</h1>
${head.lines.map((line) => `<p class="imprint">${html(line)}</p>`).join('\n')}
</header>
`,
    ...sections.flatMap((section) => [...sectionText(section)]),
    '</main>\n</body>\n</html>\n',
  ].join('');
}

const bdi = (text: string): string => `<bdi>${html(text)}</bdi>`;

function* sectionText({ title, blocks }: Section): Generator<string> {
  yield `<section>\n<h2>${html(title)}</h2>\n`;
  for (const block of blocks) yield `${blockText(block)}\n`;
  yield '</section>\n';
}

function blockText(block: Block): string {
  switch (block.is) {
    case 'heading':
      return `<h3>${bdi(block.text)}</h3>`;
    case 'text':
      return `<p>${html(block.text)}</p>`;
    case 'facts':
      return `<dl>${block.rows.map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${bdi(value)}</dd></div>`).join('')}</dl>`;
    case 'table': {
      const head = block.columns.map((column) => `<th scope="col">${html(column)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map(cellText).join('')}</tr>`).join('\n');
      return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows}\n</tbody>\n</table>`;
    }
  }
}

function cellText({ text, style }: Cell): string {
  if (style === 'code') return `<td><code>${html(text)}</code></td>`;
  return `<td${style === undefined ? '' : ` class="${style}"`}>${text === '' ? '' : bdi(text)}</td>`;
}

function entryText(entry: DocumentEntry, clock: DocumentClock): string {
  const { lead, words } = entryLead(entry);
  const later = laterTimes(clock, entry).map((line) => `<span class="later">${html(line)}</span>`);
  const shape =
    entry.health === null
      ? ''
      : `<span class="health ${entry.health}" aria-hidden="true">${HEALTH_SHAPES[entry.health] ?? ''}</span> `;
  const corrections = correctionLines(clock, entry).map(
    ({ head, before }) =>
      `<div class="correction"><p>${html(head)}</p>${before === null ? '' : `<p class="words">${bdi(before)}</p>`}</div>`,
  );
  return `<li class="${html(entry.kind)}">
<div class="time"><time datetime="${new Date(entry.eventTime).toISOString()}">${html(clock.at(entry.eventTime))}</time>${later.join('')}</div>
<div class="what">${lead === null ? '' : `<p class="lead">${shape}${bdi(lead)}</p>`}${words === '' ? '' : `<p class="words">${bdi(words)}</p>`}${corrections.join('')}</div>
<div class="who">${bdi(entry.actor.name)}</div>
</li>
`;
}

/** The only style; its hash stands in the policy, so it must be written exactly as it is. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f4f5f6;--line:#d3d7dc;--text:#14181d;--quiet:#4c5661;--accent:#0b57a4;--failing:#b00f1a;--degraded:#a34200;--early:#745300;--healthy:#3f6288;--bad:#b8141d;--on-bad:#fff;--warn:#f09a48;--on-warn:#1a0e02}
@media (prefers-color-scheme:dark){:root{--ground:#0d1014;--raised:#14191f;--line:#2b333d;--text:#e9ecf0;--quiet:#a6b0bb;--accent:#6db3ff;--failing:#ff6f66;--degraded:#ff9f45;--early:#e8cb7c;--healthy:#86a5c6;--bad:#c8322d;--on-bad:#fff;--warn:#f0913a;--on-warn:#1a0e02}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{margin:4px 0 12px;font-size:28px;line-height:1.2;font-weight:600;overflow-wrap:anywhere}
h2{margin:36px 0 12px;padding-bottom:6px;border-bottom:2px solid var(--text);font-size:19px;font-weight:600}
h3{margin:20px 0 8px;font-size:15px;font-weight:600;overflow-wrap:anywhere}
p{margin:0 0 8px}
bdi{unicode-bidi:isolate}
.label{margin:0;color:var(--quiet);font-weight:600}
.severity{display:inline-block;padding:0 8px;border:1px solid var(--line);border-radius:3px;color:var(--text);font-weight:600}
.sev1{border-color:var(--bad);background:var(--bad);color:var(--on-bad)}
.sev2{border-color:var(--warn);background:var(--warn);color:var(--on-warn)}
.imprint{margin:0 0 4px;color:var(--quiet);font-size:13px}
.demonstration{margin:0 0 12px;padding:6px 12px;border:2px dashed var(--degraded);color:var(--degraded);font-weight:600}
dl{margin:0;border-top:1px solid var(--line)}
dl div{display:grid;grid-template-columns:200px 1fr;gap:16px;padding:6px 0;border-bottom:1px solid var(--line)}
dt{color:var(--quiet)}
dd{margin:0;font-weight:600;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse;font-size:13px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
td{white-space:pre-line}
.quiet{color:var(--quiet)}
.strong{font-weight:600}
code{font:12px/1.4 ui-monospace,"JetBrains Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.timeline{margin:0;padding:0;list-style:none}
.timeline li{display:grid;grid-template-columns:190px minmax(0,1fr) 150px;gap:16px;padding:7px 0;border-bottom:1px solid var(--line);break-inside:avoid}
.time,.who{font-size:13px}
.time time{white-space:nowrap}
.later{display:block;color:var(--degraded)}
.who{color:var(--quiet);overflow-wrap:anywhere}
.what p{margin:0;overflow-wrap:anywhere}
.what p+p{margin-top:4px}
.words{white-space:pre-wrap}
.lead{color:var(--quiet)}
.decision .lead,.state .lead,.role .lead{color:var(--text);font-weight:600}
.decision .what{padding-left:10px;border-left:3px solid var(--accent)}
.correction{margin-top:6px;padding:6px 10px;border-left:3px solid var(--degraded);background:var(--raised);font-size:13px}
.correction p:first-child{color:var(--degraded)}
.health{font-weight:600}
.failing{color:var(--failing)}.degraded{color:var(--degraded)}.early-warning{color:var(--early)}.healthy{color:var(--healthy)}
@media screen and (max-width:720px){dl div,.timeline li{grid-template-columns:1fr;gap:2px}table{display:block;overflow-x:auto}}
@media print{
:root{color-scheme:light;--ground:#fff;--raised:#f4f5f6;--line:#b8bec5;--text:#000;--quiet:#3d454d;--accent:#0b57a4;--failing:#b00f1a;--degraded:#8a3800;--early:#604500;--healthy:#3f6288;--bad:#b8141d;--on-bad:#fff;--warn:#f09a48;--on-warn:#1a0e02}
@page{margin:16mm 14mm}
body{font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}
h1{font-size:18pt}h2{font-size:13pt;break-after:avoid}h3{font-size:10.5pt;break-after:avoid}
table,.time,.who,.correction{font-size:8.5pt}
code{font-size:7.5pt}
.imprint{font-size:8.5pt}
thead{display:table-header-group}
tr{break-inside:avoid}
.timeline li{grid-template-columns:42mm minmax(0,1fr) 32mm;gap:4mm}
dl div{grid-template-columns:42mm 1fr;gap:4mm}
}
`;
