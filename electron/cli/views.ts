/** How the answers that people read most are shown in a terminal. Whatever is not here is shown by its schema. */
import { action, actionList, actionPreview, endpointList } from './action-views.ts';
import type { CatalogReport } from '../../shared/contract/estate.ts';
import type { IncidentLite } from '../../shared/contract/incident.ts';
import type { Problem } from '../../shared/contract/common.ts';
import type { Name, Output } from '../../shared/contract/table.ts';
import { Health } from '../../shared/domain/words.ts';
import { workWords } from '../../shared/domain/export/work.ts';
import { periodWords } from '../../shared/domain/record/words.ts';
import { blast, blastRanking, drift, healthWords, maintenance } from './graph-views.ts';
import { curve, impact } from './impact-views.ts';
import { audit } from './audit-views.ts';
import { folderState, turning } from './data-views.ts';
import { clock, handover, offered, people, shift } from './people-views.ts';
import { access, check, roles, session, sso } from './access-views.ts';
import { policyLint, policyList, policyPut, policyShow } from './policy-views.ts';
import { conflicts } from './conflict-views.ts';
import { acts, authority, breach, exceptions, grantLine, grants, holds } from './breakglass-views.ts';
import { digest } from './digest-views.ts';
import { degraded } from './degraded-views.ts';
import { cleanup, restoration, workspace } from './after-views.ts';
import { proposal, response, responseSet } from './proposal-views.ts';
import { code, consoles, decided, invited, joining, organisation, renamed, requests } from './console-views.ts';
import { restriction, retention } from './restricted-views.ts';
import { evidence, evidenceChecked, evidenceList, evidenceSaved } from './evidence-views.ts';
import { hubReport, hubSetting, link } from './link-views.ts';
import { backup, found, record, restored, verified } from './record-views.ts';
import { sizeWords } from '../../shared/domain/link/words.ts';
import { lint, runbook, runbookList, runDiff, runs, tested } from './runbook-views.ts';
import { callTree, updateDraft, updateList } from './update-views.ts';
import { COUNT_COLUMNS, storeList, storeShow } from './store-views.ts';
import { someNames, count, LOUDEST_FIRST, named, names, type Page, problemLine } from './page.ts';

export type View<K extends Name> = (page: Page, value: Output<K>) => void;

const loudness = (health: Health): number => LOUDEST_FIRST.indexOf(health);

/** "70 healthy · 2 failing", the loudest first, those that are none left out. */
function tally(page: Page, all: readonly Health[]): string {
  return LOUDEST_FIRST.flatMap((health) => {
    const n = all.filter((one) => one === health).length;
    return n === 0 ? [] : [`${n} ${page.health(health)}`];
  }).join(' · ');
}

/** What counts, and what stands against it. */
const or = (counts: string, others: readonly string[] = []): string =>
  others.length === 0 ? counts : `${counts} (or ${others.join(' or ')}?)`;

function incidents(page: Page, list: readonly IncidentLite[], empty: string): void {
  page.table(
    list,
    [
      { title: '', cell: ({ severity, disputed }) => or(severity, disputed?.severity) },
      { title: '', cell: ({ label }) => label },
      {
        title: 'state',
        cell: ({ status, openCleanup = 0, disputed }) =>
          openCleanup === 0
            ? or(status, disputed?.status)
            : `${or(status, disputed?.status)}, ${count(openCleanup, 'cleanup item')} open`,
      },
      { title: 'lasting', cell: ({ startedAt, resolvedAt }) => page.lasting(startedAt, resolvedAt) },
      { title: 'commander', cell: ({ commander, disputed }) => or(named(commander), disputed?.commander?.map(named)) },
      {
        title: 'asks',
        cell: ({ openAsks, overdueAsks }) =>
          openAsks === 0 ? '' : `${openAsks} open${overdueAsks === 0 ? '' : `, ${overdueAsks} overdue`}`,
      },
      {
        title: 'title',
        cell: ({ title, conflicts }) => `${title}${conflicts === 0 ? '' : ` (${count(conflicts, 'conflict')})`}`,
      },
    ],
    empty,
  );
}

const situation: View<'situation'> = (page, value) => {
  page.heading('incidents');
  incidents(page, value.incidents, 'No incident is open.');
  page.heading('business services');
  page.table(
    value.businessServices,
    [
      { title: '', cell: ({ health }) => page.health(health.health) },
      { title: '', cell: ({ name }) => name },
      {
        title: '',
        cell: ({ health }) => (health.health === 'healthy' || health.since === null ? '' : page.lasting(health.since)),
      },
      { title: '', cell: ({ health }) => (health.health === 'healthy' ? '' : health.reason) },
    ],
    'None. Import a catalog, or load the demonstration.',
  );
  const { byHealth, total } = value.services;
  page.heading(`${total} services`);
  page.line(
    LOUDEST_FIRST.filter((health) => byHealth[health] > 0)
      .map((health) => `${byHealth[health]} ${page.health(health)}`)
      .join(' · '),
  );
  page.table(
    value.unhealthy,
    [
      { title: '', cell: ({ health }) => page.health(Health.catch('unknown').parse(health)) },
      { title: '', cell: ({ name }) => name },
      { title: '', cell: ({ tier }) => (tier === null ? '' : `tier ${tier}`) },
      { title: '', cell: ({ since }) => (since === null ? '' : page.lasting(since)) },
      { title: '', cell: ({ reason }) => reason },
    ],
    '',
  );
  if (value.stores.length > 0) {
    page.heading('stores');
    page.line(value.storesAnswer);
    page.table(value.stores, [{ title: 'region', cell: ({ region }) => named(region) }, ...COUNT_COLUMNS]);
  }
  page.heading('signals');
  page.line(
    `${value.tiers['customer-impacting']} customer-impacting · ${value.tiers['operational-degradation']} operational degradation · ${value.tiers['early-warning']} early warning · ${value.tiers.unmatched} of them match nothing in the estate`,
  );
  page.heading(`${value.unknown.total} unknown`);
  page.table(
    value.unknown.list,
    [
      { title: '', cell: ({ name }) => name },
      { title: 'since', cell: ({ since }) => (since === null ? 'never heard' : page.when(since)) },
      { title: '', cell: ({ reason }) => reason },
    ],
    'Nothing.',
  );
  page.heading('needs you');
  page.table(
    value.needs,
    [
      { title: '', cell: ({ at }) => (at === null ? '' : page.age(at)) },
      { title: '', cell: ({ text }) => text },
    ],
    'Nothing.',
  );
  if (value.changes.length > 0) {
    page.heading('changes');
    page.table(value.changes, [
      { title: '', cell: ({ at }) => page.when(at) },
      { title: '', cell: ({ title }) => title },
      { title: '', cell: ({ services }) => names(services) },
    ]);
  }
};

const status: View<'status'> = (page, value) => {
  const { estate, sources, link } = value;
  const states = Object.entries(sources.byState).map(([state, n]) => `${n} ${state}`);
  page.line(`Holdfast ${value.version} · console ${value.console} · ${value.dataDir}`);
  page.facts([
    [
      'estate',
      `${estate.demonstration ? 'DEMONSTRATION' : estate.name || 'no name'}: ${count(estate.services, 'service')}, ${count(estate.dependencies, 'dependency', 'dependencies')}, ${count(estate.stores, 'store')}`,
    ],
    [
      'log',
      `${count(value.ops, 'op')}${value.head === null ? '' : `, ${value.seq.toLocaleString('en')} of them from here`}, format ${value.schema}`,
    ],
    ['sources', sources.total === 0 ? 'none' : `${sources.total}: ${states.join(', ')}`],
    [
      'link',
      link.state === 'alone'
        ? 'alone: no hub is configured'
        : `${link.state} since ${page.when(link.since)}, ${count(link.waiting, 'op')} waiting${link.refusedSince === null ? '' : `; its credentials are refused since ${page.when(link.refusedSince)}`}`,
    ],
    ['acting as', named(value.actor)],
    ['time', page.when(value.now)],
    ['quarantined', value.quarantined === 0 ? null : `${count(value.quarantined, 'op')} kept out`],
    [
      'not understood',
      value.unknownOps === 0 ? null : `${count(value.unknownOps, 'op')} of a newer version, kept for an upgrade`,
    ],
  ]);
  for (const warning of value.warnings) page.line(`! ${warning}`);
};

const health: View<'health'> = (page, value) => {
  page.heading('business services');
  page.table(
    value.businessServices.toSorted((a, b) => loudness(a.health) - loudness(b.health)),
    [
      { title: '', cell: (row) => page.health(row.health) },
      { title: '', cell: ({ name }) => name },
      { title: '', cell: ({ reason }) => reason },
    ],
  );
  page.heading('services');
  page.line(
    tally(
      page,
      value.services.map((row) => row.health),
    ) || 'None.',
  );
  page.table(
    value.services.toSorted((a, b) => loudness(a.health) - loudness(b.health)),
    [
      { title: '', cell: (row) => page.health(row.health) },
      { title: 'service', cell: ({ id }) => id },
      { title: 'since', cell: ({ since }) => (since === null ? '' : page.when(since)) },
      { title: 'source', cell: ({ source }) => source ?? '' },
      { title: 'seen', cell: ({ observedAt }) => page.age(observedAt) },
      { title: 'because', cell: ({ reason }) => reason },
    ],
    '',
  );
};

const map: View<'estate.map'> = (page, value) => {
  const { services, dependencies, loose = [], drawing } = value;
  if (drawing !== undefined) {
    page.line(drawing.svg ?? JSON.stringify(value));
    return;
  }
  const upstream = Map.groupBy([...dependencies, ...loose], ({ from }) => from);
  page.line(
    `${count(services.length, 'service')}, ${count(dependencies.length + loose.length, 'dependency', 'dependencies')}`,
  );
  if (loose.length > 0)
    page.line(
      `${count(loose.length, 'dependency leads', 'dependencies lead')} to a name that no service has: ${[...new Set(loose.map(({ from, to }) => (services.some(({ id }) => id === from) ? to : from)))].slice(0, 10).join(', ')}`,
    );
  page.table(
    services.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || (a.id < b.id ? -1 : 1)),
    [
      { title: '', cell: (row) => page.health(row.health.health) },
      { title: 'service', cell: ({ id }) => id },
      { title: 'kind', cell: ({ kind }) => kind },
      { title: 'tier', cell: ({ tier }) => (tier === null ? '–' : String(tier)) },
      { title: 'owner', cell: ({ owner }) => named(owner) },
      {
        title: 'needs',
        cell: ({ id }) =>
          (upstream.get(id) ?? []).map(({ to, strength }) => (strength === 'soft' ? `(${to})` : to)).join(', '),
      },
    ],
    'No services. Import a catalog, or load the demonstration.',
  );
};

const service: View<'estate.service'> = (page, value) => {
  page.line(`${page.style('bold', value.name)} · ${value.kind}${value.tier === null ? '' : ` · tier ${value.tier}`}`);
  page.line(page.healthView(value.health));
  const { owner } = value;
  page.facts([
    ['id', value.id],
    ['domain', value.domain],
    ['system', value.system],
    [
      'recovery',
      [minutes('RTO', value.rtoMinutes), minutes('RPO', value.rpoMinutes)].filter((part) => part !== '').join(', '),
    ],
    ['owner', owner === null ? '–' : [owner.name, owner.phone, owner.chat, owner.email].filter(Boolean).join(' · ')],
    [
      'on call',
      owner?.onCall
        .map(({ role, person }) => [`${role} ${person.name}`, person.phone].filter(Boolean).join(' · '))
        .join(', ') ?? null,
    ],
    ['support', value.support],
    ['business services', names(value.businessServices)],
    ['runbooks', value.runbooks.map(({ id }) => id).join(', ')],
    ['described in', value.at],
  ]);
  page.heading('signals');
  page.table(
    value.signals,
    [
      { title: '', cell: (signal) => (signal.health === null ? '' : page.health(signal.health)) },
      { title: '', cell: ({ title }) => title },
      { title: '', cell: ({ text }) => text },
      {
        title: '',
        cell: ({ source, observedAt, stale }) => `${source}, ${page.age(observedAt)}${stale ? ', stale' : ''}`,
      },
    ],
    'Nothing reports on it.',
  );
  for (const [title, list, loose] of [
    ['needs', value.upstream, value.loose?.upstream ?? []],
    ['needed by', value.downstream, value.loose?.downstream ?? []],
  ] as const) {
    page.heading(title);
    page.table(
      list,
      [
        { title: '', cell: (row) => page.health(row.health.health) },
        { title: '', cell: ({ id }) => id },
        { title: '', cell: ({ strength, mode }) => `${strength}, ${mode}` },
        { title: '', cell: ({ seen }) => (seen === undefined ? '' : calls(seen, page.age(seen.lastSeen))) },
      ],
      loose.length === 0 ? 'Nothing.' : 'Nothing that is known.',
    );
    for (const reference of loose) page.line(`${reference}: no service when the catalog was read`);
  }
};

/** "12.5 calls/s, 2 % failed"; of what was not called lately, when it last was. */
function calls({ rate, errorShare }: { rate: number | null; errorShare: number | null }, last: string): string {
  if (rate === null) return `last called ${last}`;
  return `${Number(rate.toPrecision(3))} calls/s, ${Number(((errorShare ?? 0) * 100).toPrecision(3))} % failed`;
}

const minutes = (what: string, value: number | null): string => (value === null ? '' : `${what} ${value} min`);

const incident: View<'incident.show'> = (page, value) => {
  const { severity, status, disputed } = value;
  page.line(
    `${or(severity, disputed?.severity)} · ${or(status, disputed?.status)} · ${page.style('bold', `${value.label} ${value.title}`)}`,
  );
  page.facts([
    ['lasting', `${page.lasting(value.startedAt, value.resolvedAt)}, since ${page.when(value.startedAt)}`],
    ['declared', `${page.when(value.declaredAt)} by ${named(value.declaredBy)}`],
    ['affects', [names(value.businessServices), names(value.services)].filter((part) => part !== '').join('; ') || '–'],
    ['timeline', count(value.entries, 'entry', 'entries')],
  ]);
  for (const conflict of value.conflictList) {
    const heads = conflict.heads.map((head) => `${head.value ?? 'nobody'} (${head.by}, ${page.when(head.at)})`);
    page.line(`! Two answers on ${conflict.field.replace(/^role:/, 'who is ')}: ${heads.join(' or ')}`);
  }
  if (value.conflicts > 0) page.line(`! \`conflicts ${value.label}\` shows what is contested, side by side.`);
  page.heading('roles');
  page.facts(
    value.roles
      .filter(({ role, person }) => person !== null || value.required.includes(role))
      .map(({ role, person, since, subject }) => [
        subject === undefined ? role : `${role}, ${subject}`,
        person === null ? '–' : `${named(person)}${since === null ? '' : `, since ${page.when(since)}`}`,
      ]),
  );
  page.heading('asks');
  page.table(
    value.asks,
    [
      { title: '', cell: ({ state, overdue }) => (overdue ? 'overdue' : state) },
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ owner }) => named(owner) },
      {
        title: '',
        cell: ({ dueAt, state }) =>
          dueAt === null || state === 'done' || state === 'cancelled' ? '' : `due ${page.age(dueAt)}`,
      },
      { title: '', cell: ({ text }) => text },
    ],
    'None.',
  );
  runs(page, value.runs);
  if (value.suggestedRunbooks.length > 0) {
    page.heading('runbooks that fit');
    page.table(value.suggestedRunbooks, [
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ why }) => why },
    ]);
  }
  if (value.health.length > 0) {
    page.heading('affected services');
    page.facts(value.health.map((row) => [row.id, page.healthView(row.health)]));
  }
};

/** Whether two times of one entry differ by more than typing takes. */
const apart = (a: number, b: number): boolean => Math.abs(a - b) > 60_000;

/** Oldest first, as one tells a story; the newest stand where the prompt is. */
const timeline: View<'incident.timeline'> = (page, { entries, total, next }) => {
  if (next !== null) page.line(`${count(total, 'entry', 'entries')} in all; earlier ones with --before ${next}`);
  for (const entry of entries.toReversed()) {
    const late = apart(entry.enteredAt, entry.eventTime) ? ` (entered ${page.when(entry.enteredAt)})` : '';
    const arrived = apart(entry.arrivedAt, entry.enteredAt) ? ` (arrived ${page.when(entry.arrivedAt)})` : '';
    const mark = entry.health === null ? '' : `${page.health(entry.health)} `;
    page.line(
      `${page.when(entry.eventTime)}${late}${arrived}  ${entry.id.slice(0, 8)}  ${named(entry.actor)}: ${mark}${entry.summary}`,
    );
    if (entry.text !== null && entry.text !== entry.summary) page.prose(entry.text, '    ');
    const { correction } = entry;
    if (correction === null) continue;
    const was = [
      correction.eventTimeWas === null ? null : `was ${page.when(correction.eventTimeWas)}`,
      correction.textWas === null ? null : `said “${correction.textWas}”`,
      correction.reason,
    ].filter((part) => part !== null);
    page.line(`    corrected by ${named(correction.by)}, ${page.when(correction.at)}: ${was.join('; ')}`);
  }
  if (entries.length === 0) page.line('Nothing yet.');
};

const LEADS = { clear: 'clear', likely: 'likely', open: 'possible' } as const;

const cause: View<'cause'> = (page, value) => {
  const { incident, candidates } = value;
  if (incident !== null) page.line(`${incident.label} ${incident.title}`);
  page.line(value.summary);
  for (const one of candidates) {
    const fault = one.fault > 1 ? ` · fault ${one.fault}` : '';
    page
      .line()
      .line(
        `${one.rank}  ${page.health(one.weighed)}  ${page.style('bold', one.service.name)} (${one.service.id}) · ${LEADS[one.lead]} · ${Math.round(one.score)} points · explains ${Math.round(one.share * 100)} %${fault}`,
      );
    if (one.judgement !== null)
      page.line(
        `    ${one.judgement.verdict === 'confirmed' ? 'CONFIRMED' : 'RULED OUT'} by ${named(one.judgement.by)}, ${page.when(one.judgement.at)}${one.judgement.reason === null ? '' : `: ${one.judgement.reason}`}`,
      );
    for (const { points, text } of one.reasons)
      page.line(`    ${`${points > 0 ? '+' : ''}${Math.round(points)}`.padStart(4)}  ${text}`);
    if (one.explains.length > 0) page.line(`          hurts ${someNames(one.explains)}`);
  }
};

const changeRecord: View<'change.record'> = (page, { name, kind, services, at }) => {
  const where = services.length === 0 ? '' : ` on ${names(services)}`;
  page.line(`Recorded: ${kind === 'other' ? 'change' : kind.replaceAll('-', ' ')}${where}, ${page.when(at)}: ${name}`);
  if (services.length === 0)
    page.line('It names no service (--services), so it marks none and no cause is drawn from it.');
};

const mapMarks: View<'map.marks'> = (page, { causes, changes }) => {
  if (causes.length === 0) page.line('Nothing that is sick points to a cause.');
  for (const { id, name, confirmed, lead, explains } of causes)
    page.line(
      `${page.style('bold', name)} (${id}) · ${confirmed ? 'confirmed' : LEADS[lead]} · explains ${count(explains, 'service')}`,
    );
  page.heading(count(changes.length, 'change'));
  for (const { kind, title, at, services } of changes)
    page.line(`${page.when(at)}  ${kind}: ${title} (${services.join(', ')})`);
};

function problems(page: Page, list: readonly Problem[]): void {
  if (list.length === 0) return;
  page.heading(count(list.length, 'problem'));
  for (const problem of list) page.line(`${problem.severity}: ${problemLine(problem)}`);
}

const DIFF_MARKS = { added: '+', changed: '~', renamed: '→', dropped: '-' } as const;

const catalogReport = (page: Page, value: CatalogReport): void => {
  for (const { what, kind, id, name, fields } of value.diff) {
    const changes =
      what === 'changed' || what === 'renamed'
        ? fields.map(({ field, from, to }) => `${field} ${from ?? '–'} → ${to ?? '–'}`)
        : [];
    page.line(
      `${DIFF_MARKS[what]} ${kind} ${id}${name === id || name === '' ? '' : ` (${name})`}${changes.length === 0 ? '' : `: ${changes.join('; ')}`}`,
    );
  }
  problems(page, value.problems);
  const { added, changed, renamed, dropped, unchanged } = value.counts;
  if (value.diff.length + value.problems.length > 0) page.line();
  page.line(
    `${count(value.files, 'file')}, ${count(value.documents, 'document')}: ${added} added, ${changed} changed, ${renamed} renamed, ${dropped} dropped, ${unchanged} unchanged.`,
  );
  page.line(
    value.applied ? `Imported as "${value.origin}".` : `Nothing was changed in the estate ("${value.origin}").`,
  );
};

const sources: View<'sources.list'> = (page, list) => {
  page.table(
    list,
    [
      {
        title: '',
        cell: ({ state }) =>
          state === 'live'
            ? '● live'
            : state === 'down'
              ? page.style(['bold', 'red'], '■ down')
              : state === 'late'
                ? page.style('yellow', '▲ late')
                : `? ${state}`,
      },
      { title: 'source', cell: ({ id }) => id },
      { title: 'type', cell: ({ type }) => type },
      { title: 'signals', cell: ({ signals }) => String(signals), right: true },
      { title: 'answered', cell: ({ lastSuccessAt }) => page.age(lastSuccessAt) },
      { title: '', cell: ({ message }) => message },
    ],
    'No sources. Add one: sources add prometheus --config.url http://…',
  );
};

const sourceTypes: View<'sources.types'> = (page, list) => {
  for (const { type, title, fields } of list) {
    page.line().line(`${page.style('bold', type)} (${title})`);
    page.table(fields, [
      { title: '', cell: ({ name, secret }) => (secret ? '--credential-file' : `--config.${name}`) },
      { title: '', cell: ({ required }) => (required ? 'needed' : '') },
      { title: '', cell: ({ title: what, help }) => [what, help].filter((part) => part !== '').join(': ') },
      { title: '', cell: ({ example }) => (example === '' ? '' : `such as ${example}`) },
    ]);
  }
};

const business: View<'estate.business'> = (page, list) => {
  page.table(
    list.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || a.criticality - b.criticality),
    [
      { title: '', cell: ({ health: { health } }) => page.health(health) },
      { title: 'business service', cell: ({ id }) => id },
      { title: 'name', cell: ({ name }) => name },
      { title: 'criticality', cell: ({ criticality }) => String(criticality), right: true },
      { title: 'owner', cell: ({ owner }) => named(owner) },
      { title: 'RTO', cell: ({ rtoMinutes }) => (rtoMinutes === null ? '–' : `${rtoMinutes} min`), right: true },
      { title: 'because', cell: ({ health: { reason } }) => reason },
    ],
  );
};

const stores: View<'estate.stores'> = (page, list) => {
  page.line(
    `${count(list.length, 'store')}: ${
      tally(
        page,
        list.map(({ health: { health } }) => health),
      ) || 'none'
    }`,
  );
  page.table(
    list.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || (a.id < b.id ? -1 : 1)),
    [
      { title: '', cell: ({ health: { health } }) => page.health(health) },
      { title: 'store', cell: ({ id }) => id },
      { title: 'name', cell: ({ name }) => name },
      { title: 'region', cell: ({ region }) => named(region) },
      { title: 'now', cell: ({ open }) => (open === null ? '' : open ? 'open' : 'closed') },
      { title: 'phone', cell: ({ phone }) => phone ?? '' },
      { title: 'because', cell: ({ health: { health, reason } }) => (health === 'healthy' ? '' : reason) },
    ],
    '',
  );
};

const teams: View<'estate.teams'> = (page, list) => {
  page.table(list, [
    { title: 'team', cell: ({ id }) => id },
    { title: 'name', cell: ({ name }) => name },
    {
      title: 'on call',
      cell: ({ onCall }) =>
        onCall
          .map(
            ({ role, person, until }) =>
              `${role} ${[person.name, person.phone].filter(Boolean).join(' ')} until ${page.when(until)}`,
          )
          .join(', '),
    },
    { title: 'phone', cell: ({ phone }) => phone ?? '' },
    { title: 'chat', cell: ({ chat }) => chat ?? '' },
    { title: 'services', cell: ({ services }) => String(services), right: true },
  ]);
};

const test: View<'sources.test'> = (page, { ok, message, seen, ms }) => {
  page.line(`${ok ? '●' : '■'} ${message} (${Math.round(ms)} ms)`);
  for (const line of seen) page.line(`  ${line}`);
};

const contents = (of: Output<'bundle.inspect'>['header']['contents']): string =>
  of.of === 'everything'
    ? 'everything'
    : of.of === 'since'
      ? 'what came since an earlier bundle'
      : `${of.label} ${of.title}`;

const snapshot = (
  page: Page,
  { path, bytes, unpacked, made, console, name, organisation, ops, consoles }: Output<'snapshot.make'>,
): void => {
  page.line(
    `${path}: ${count(ops, 'op')} of ${count(consoles, 'console')}, ${bytes.toLocaleString('en')} bytes (${unpacked.toLocaleString('en')} unpacked).`,
  );
  page.line(
    `Made ${page.when(made)} by ${name === '' ? `console ${console}` : name}${organisation === '' ? '' : ` of ${organisation}`}; its signature is good.`,
  );
};

const snapshots: View<'snapshot.shared'> = (page, { hub, list }) => {
  if (list === null) {
    page.line(hub === null ? 'This console has no hub.' : `${hub} cannot be asked now.`);
    return;
  }
  page.table(
    list,
    [
      { title: 'made', cell: ({ made }) => (made === null ? '' : page.when(made)) },
      { title: 'by', cell: ({ maker }) => maker?.name ?? '' },
      { title: 'ops', cell: ({ ops }) => ops?.toLocaleString('en') ?? '', right: true },
      { title: 'bytes', cell: ({ bytes }) => bytes.toLocaleString('en'), right: true },
      { title: '', cell: ({ problem }) => problem ?? '' },
    ],
    'No snapshot lies at the hub; snapshot share lays one out.',
  );
};

const bundleInspect: View<'bundle.inspect'> = (
  page,
  { path, bytes, header, maker, ops, period, consoles, heads, evidence: attached },
) => {
  page.line(`${path}: ${contents(header.contents)}`);
  page.line(
    `${count(ops, 'op')}, ${bytes.toLocaleString('en')} bytes, made ${page.when(header.made)} by ${maker.name === '' ? `console ${maker.console}` : maker.name} (${maker.access.replaceAll('-', ' ')})${header.organisation === '' ? '' : ` of ${header.organisation}`}; its signature is good.`,
  );
  if (attached)
    page.line(`It brings the content of ${count(attached.files, 'attached file')}, ${sizeWords(attached.bytes)}.`);
  if (period) page.line(`It tells of ${page.when(period.first)} to ${page.when(period.last)}.`);
  page.heading('consoles');
  page.table(consoles, [
    { title: 'console', cell: ({ console }) => console },
    { title: 'name', cell: ({ name }) => name },
    { title: 'standing', cell: ({ access }) => access.replaceAll('-', ' ') },
    { title: 'ops', cell: ({ first, last }) => `${first}–${last}` },
    { title: 'new', cell: ({ fresh }) => String(fresh), right: true },
    { title: 'here', cell: ({ known }) => String(known), right: true },
    { title: 'kept out', cell: ({ refused }) => String(refused), right: true },
    { title: 'links only', cell: ({ withheld }) => String(withheld), right: true },
    { title: 'because', cell: ({ reasons }) => reasons.join(' ') },
  ]);
  const different = heads.filter(({ state }) => state === 'different');
  const ahead = heads.filter(({ state }) => state === 'ahead');
  page.heading('heads that its maker had');
  page.line(
    `${heads.length - different.length - ahead.length} of ${count(heads.length, 'console')} agree with this record or are not in it; its maker had more of ${ahead.length}.`,
  );
  for (const { console, seq } of different) {
    page.line(
      `■ Console ${console}: its maker had another op ${seq} than we have; one of the two records was rewritten.`,
    );
  }
};

const bundleImport: View<'bundle.import'> = (
  page,
  { applied, known, quarantined, left, messages, incidents: brought },
) => {
  page.line(
    `${count(applied, 'op')} new, ${known.toLocaleString('en')} here already, ${(quarantined + left).toLocaleString('en')} kept out.`,
  );
  for (const message of messages) page.line(message);
  for (const { name } of brought) page.line(`  ${name}`);
};

export const VIEWS: { readonly [K in Name]?: View<K> } = {
  cause,
  'change.record': changeRecord,
  'map.marks': mapMarks,
  status,
  situation,
  health,
  'estate.map': map,
  blast,
  'blast.ranking': blastRanking,
  impact,
  'impact.curve': curve,
  'estate.drift': drift,
  'health.by-hand': healthWords,
  'health.declare': (page, { name, until }) =>
    void page.line(`${name}: set by hand until ${page.when(until)}; then the sources speak again.`),
  'maintenance.list': maintenance,
  'maintenance.plan': (page, window) => maintenance(page, [window]),
  'maintenance.move': (page, window) => maintenance(page, [window]),
  'estate.service': service,
  'estate.business': business,
  'estate.stores': stores,
  'store.list': storeList,
  'store.show': storeShow,
  'estate.teams': teams,
  'incident.list': (page, list) => incidents(page, list, 'No incident is open.'),
  'incident.show': incident,
  'incident.timeline': timeline,
  'incident.restoration': restoration,
  'data.status': folderState,
  'data.encrypt': turning,
  'data.decrypt': turning,
  'data.passphrase': folderState,
  'audit.list': audit,
  'audit.export': (page, { path, lines, bytes }) =>
    void page.line(`${path}: ${count(lines, 'line')}, ${bytes.toLocaleString('en')} bytes, signed by this console.`),
  'audit.check': (page, { lines, console, made }) =>
    void page.line(`As ${console.name} signed it ${page.when(made)}: ${count(lines, 'line')}.`),
  'incident.clock': clock,
  'incident.people': people,
  'handover.briefing': (page, { text }) => void page.prose(text, ''),
  'handover.offer': handover,
  'handover.accept': handover,
  'handover.decline': handover,
  'handover.cancel': handover,
  'handover.plan': shift,
  'handover.shift': offered,
  'person.away': (page, { person, until }) => void page.line(`${person.name} is away until ${page.when(until)}.`),
  'restoration.adopt': (page, { plan, items }) => void page.line(`Plan ${plan} adopted, ${count(items, 'item')}.`),
  'update.list': (page, value) => updateList(page, value, Date.now()),
  'update.draft': updateDraft,
  calltree: callTree,
  'update.send': (page, { message }) => void page.line(message === '' ? 'Logged.' : message),
  'update.deliver': (page, { message }) => void page.line(message),
  'degraded.list': degraded,
  'degraded.start': (page, { name, id }) => void page.line(`${name} is on (${id}).`),
  'degraded.assign': (page, { name }) => void page.line(`${name} answers for it.`),
  'degraded.end': (page, { name }) => void page.line(`${name} has ended.`),
  'degraded.dismiss': (page, { name }) => void page.line(`${name} is turned down.`),
  'breakglass.list': grants,
  'breakglass.acts': acts,
  'breakglass.approve': grantLine,
  'breakglass.refuse': grantLine,
  'breakglass.end': grantLine,
  'breakglass.review': grantLine,
  'breakglass.prepare': (page, { path, codes, expiresAt }) => {
    page.line(`${path}: ${count(codes, 'code')}, good until ${page.when(expiresAt)}.`);
    page.line('Print it, delete the file, and seal the paper: the codes are nowhere else.');
  },
  'breakglass.use': (page, { label, holder, expiresAt }) =>
    void page.line(`${label}: ${named(holder)} holds it until ${page.when(expiresAt)}. Everybody is told.`),
  'breakglass.open': (page, { label, holder, expiresAt }) =>
    void page.line(`${label}: ${named(holder)} holds it until ${page.when(expiresAt)}. Everybody is told.`),
  'breakglass.request': (page, { label, challenge }) => {
    page.line(`${label}: asked for. When it is approved: breakglass open ${label}`);
    if (challenge !== null) page.line(`To be read out on the phone: ${challenge}`);
  },
  'breakglass.phone': (page, { response }) => void page.line(`Read this back: ${response}`),
  'breakglass.read': (page, { console, holder, capabilities, incident, minutes }) =>
    void page.line(
      `${console.name} asks for ${named(holder)}: ${capabilities.join(', ')}, ${incident ?? 'no incident'}, ${minutes} min.`,
    ),
  'exception.list': exceptions,
  'exception.add': (page, { exception, until }) => void page.line(`${exception}: until ${page.when(until)}.`),
  'incident.restriction': restriction,
  'incident.restrict': (page, { sealedFor }) =>
    void page.line(
      `From here on it is sealed, and readable on ${sealedFor === 1 ? 'this console' : `${sealedFor} consoles`}. What was written before stays readable to everybody.`,
    ),
  'incident.members': (page) => void page.line('Changed who reads it.'),
  'incident.lift': (page) => void page.line('Everybody reads it from here on, also what was sealed.'),
  'retention.list': retention,
  'retention.keep': (page, { until }) => void page.line(`Kept until ${page.when(until)}.`),
  'retention.erase': (page, { sealed }) =>
    void page.line(`No console opens its ${sealed} sealed entries from here on.`),
  'hold.list': holds,
  'hold.set': (page, { hold }) => void page.line(`${hold}: nothing of the incident is deleted.`),
  'breach.show': breach,
  'incident.authority': authority,
  'incident.cleanup': cleanup,
  'incident.workspace': workspace,
  'suggestion.take': (page, { title, did }) => void page.line(`${title}: ${did}.`),
  'cleanup.add': (page, { item }) => void page.line(`Added ${item}.`),
  'cleanup.done': (page, { remaining }) =>
    void page.line(remaining === 0 ? 'Reconciled.' : `${remaining} are left to reconcile.`),
  'incident.declare': (page, { label, id }) => void page.line(`${label} declared (${id}).`),
  'catalog.preview': catalogReport,
  'catalog.import': catalogReport,
  'catalog.export': (page, { directory, files, entities }) => {
    for (const file of files) page.line(file);
    page.line(`${count(entities, 'entity', 'entities')} in ${count(files.length, 'file')} in ${directory}.`);
  },
  'incident.export': (page, { path, bytes, entries, zone, verified }) => {
    page.line(`${path}: ${count(entries, 'line')}, ${bytes.toLocaleString('en')} bytes, times in ${zone}.`);
    page.line(
      verified
        ? 'The record verified; the file says so at its end.'
        : '■ The record does not verify. The file says so, with what is wrong.',
    );
  },
  'incident.inspect': (page, { path, label, title, organisation, made, maker, ops, fresh, as, messages }) => {
    page.line(`${path}: ${label} ${title}`);
    page.line(
      `${count(ops, 'op')}, ${fresh.toLocaleString('en')} of them new, exported ${page.when(made)} by ${maker.name === '' ? `console ${maker.console}` : maker.name}${organisation === '' ? '' : ` of ${organisation}`}; every signature is good.`,
    );
    page.line(
      as === 'own'
        ? 'All of its consoles are enrolled here: imported, it is an incident like any other.'
        : 'Not all of its consoles are enrolled here: imported, it is kept apart as a foreign record.',
    );
    for (const message of messages) page.line(message);
  },
  'incident.import': (page, { label, title, ops, fresh, messages }) => {
    page.line(`${label} ${title}: ${count(fresh, 'op')} new of ${ops.toLocaleString('en')}.`);
    for (const message of messages) page.line(message);
  },
  'bundle.export': (page, { path, bytes, ops, consoles, contents: of, sealedFor, evidence: attached }) => {
    page.line(
      `${path}: ${contents(of)}, ${count(ops, 'op')}, ${bytes.toLocaleString('en')} bytes; the heads of ${count(consoles, 'console')}.`,
    );
    if (attached)
      page.line(
        `With the content of ${count(attached.files, 'attached file')}, ${sizeWords(attached.bytes)}${attached.missing > 0 ? `; that of ${attached.missing.toLocaleString('en')} is not on this console` : ''}.`,
      );
    if (sealedFor) page.line(`Sealed: ${count(sealedFor.length, 'console')} can read it (${sealedFor.join(', ')}).`);
  },
  'snapshot.make': snapshot,
  'snapshot.check': snapshot,
  'snapshot.share': snapshot,
  'snapshot.shared': snapshots,
  'snapshot.load': (page, value) => {
    snapshot(page, value);
    page.line('The console goes on from it, together with what it wrote itself; verify checks the whole record.');
  },
  'bundle.work': (page, works) => {
    if (works.length === 0) page.line('No bundle is read or written just now.');
    for (const work of works) page.line(workWords(work));
  },
  'bundle.stop': (page, { stopped }) => void page.line(`${count(stopped, 'bundle')} stopped.`),
  'bundle.inspect': bundleInspect,
  'bundle.import': bundleImport,
  'organisation.found': joining,
  'organisation.show': organisation,
  'console.list': consoles,
  'console.requests': requests,
  'console.invite': invited,
  'console.code': code,
  'console.join': joining,
  'console.accept': decided('console.accept'),
  'console.refuse': decided('console.refuse'),
  'console.revoke': decided('console.revoke'),
  'console.enrol': decided('console.enrol'),
  'console.rename': renamed,
  'evidence.list': evidenceList,
  'evidence.check': evidenceChecked,
  'evidence.add': evidence,
  'evidence.fetch': evidence,
  'evidence.save': evidenceSaved,
  'link.show': link,
  'hub.set': hubSetting,
  'hub.test': hubReport,
  'sources.list': sources,
  'sources.types': sourceTypes,
  'sources.test': test,
  'action.list': actionList,
  'action.show': action,
  'action.preview': actionPreview,
  'endpoint.list': endpointList,
  'runbook.list': runbookList,
  'runbook.show': runbook,
  'incident.proposal': proposal,
  'incident.response': response,
  'incident.model': responseSet,
  'runbook.lint': lint,
  'runbook.test': tested,
  'incident.run': (page, { run }) => void page.line(`Started as run ${run}.`),
  'incident.run.diff': runDiff,
  'incident.run.renew': (page, { run, carried }) =>
    void page.line(`Goes on as run ${run}; ${count(carried, 'step')} taken over.`),
  'incident.step': (page, { next }) => void page.line(next === null ? 'Nothing is left to do.' : `Next: ${next}`),
  'access.session': session,
  'access.unlock': session,
  'access.lock': session,
  'access.secret': session,
  'sso.wait': session,
  'sso.show': sso,
  'sso.set': sso,
  'sso.secret': sso,
  'sso.secret.forget': sso,
  'sso.forget': sso,
  'sso.match': sso,
  'sso.retry': sso,
  'access.show': access,
  'access.roles': roles,
  'access.check': check,
  'access.add': (page, { id, name }) => void page.line(`${name} is there now, as ${id}.`),
  'access.forget': (page, { name }) => void page.line(`${name} can unlock this console no more.`),
  'access.grant': (page, { name }) => void page.line(`${name} has the role now.`),
  'access.withdraw': (page, { name }) => void page.line(`${name} has the role no more.`),
  'policy.list': policyList,
  'policy.show': policyShow,
  'policy.lint': policyLint,
  'policy.set': policyPut,
  'policy.reset': policyPut,
  conflicts,
  digest,
  'conflict.settle': (page, { about, kept, over }) =>
    void page.line(`Kept on ${about}: ${kept}, over ${over.join(', ')}.`),
  search: found,
  'record.show': record,
  'record.verify': verified,
  'backup.create': backup,
  'backup.plan': (page, { directory, everyMinutes }) =>
    void page.line(`Backups go to ${directory ?? "the data folder's own backups"}, ${periodWords(everyMinutes)}.`),
  'backup.preview': restored,
  rebuild: (page, { ops, ms, same, hash }) => {
    page.line(
      `Rebuilt from ${count(ops, 'op')} in ${(ms / 1000).toFixed(1)} s; ${same ? 'the tables were right' : 'the tables were wrong and are right now'} (${hash.slice(0, 12)}).`,
    );
  },
};
