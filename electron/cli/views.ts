/** How the answers that people read most are shown in a terminal. Whatever is not here is shown by its schema. */
import { action, actionList, actionPreview, endpointList } from './action-views.ts';
import type { Name, Output } from '../../shared/contract/table.ts';
import { Health } from '../../shared/domain/words.ts';
import { workWords } from '../../shared/domain/export/work.ts';
import { periodWords } from '../../shared/domain/record/words.ts';
import { blast, blastRanking, drift, healthWords, maintenance } from './graph-views.ts';
import { curve, impact } from './impact-views.ts';
import { audit } from './audit-views.ts';
import { board, signals } from './board-views.ts';
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
import { lint, runbook, runbookList, runDiff, tested } from './runbook-views.ts';
import { callTree, updateDraft, updateList } from './update-views.ts';
import { COUNT_COLUMNS, storeList, storeShow } from './store-views.ts';
import { count, LOUDEST_FIRST, loudness, named, names, tally, type Page } from './page.ts';
import { incident, incidents, timeline } from './incident-views.ts';
import { cause, mapMarks } from './cause-views.ts';
import { business, catalogReport, map, service, stores, teams } from './estate-views.ts';
import { sources, sourceTypes, test } from './source-views.ts';
import { bundleImport, bundleInspect, contents, snapshot, snapshots } from './bundle-views.ts';

export type View<K extends Name> = (page: Page, value: Output<K>) => void;

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
  const { byHealth, inMaintenance = 0, total } = value.services;
  page.heading(`${total} services`);
  page.line(
    LOUDEST_FIRST.filter((health) => byHealth[health] > 0)
      .map((health) => `${byHealth[health]} ${page.health(health)}`)
      .concat(inMaintenance > 0 ? [`${inMaintenance} in maintenance`] : [])
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

const changeRecord: View<'change.record'> = (page, { name, kind, services, at }) => {
  const where = services.length === 0 ? '' : ` on ${names(services)}`;
  page.line(`Recorded: ${kind === 'other' ? 'change' : kind.replaceAll('-', ' ')}${where}, ${page.when(at)}: ${name}`);
  if (services.length === 0)
    page.line('It names no service (--services), so it marks none and no cause is drawn from it.');
};

export const VIEWS: { readonly [K in Name]?: View<K> } = {
  cause,
  'change.record': changeRecord,
  'map.marks': mapMarks,
  status,
  situation,
  board,
  signals,
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
