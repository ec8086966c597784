/** Updates from the live draft to the log: who read it, what went out, what waits for a network and is asked again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-23T20:00:00+01:00');

let data = '';
let now = START;
let engine: Engine;
let incident = '';

beforeEach(async () => {
  data = newFolder();
  now = START;
  engine = await openOn(data, { demonstration: true, now: () => now });
  ({ id: incident } = await done(engine, 'incident.declare', {
    title: 'Checkout failing',
    severity: 'SEV1',
    services: ['checkout-api'],
    businessServices: ['checkout'],
    commander: 'ana-kovac',
  }));
});

const of = async (audience: string) =>
  (await done(engine, 'update.list', { incident })).audiences.find((one) => one.audience === audience)!;
const needs = async () => (await done(engine, 'situation', {})).needs.map(({ kind, text }) => `${kind}: ${text}`);

describe('an update', () => {
  it('is drafted from what is known now, goes out only as it was read, and is kept word for word', async () => {
    const live = await done(engine, 'update.draft', { incident, audience: 'execs' });
    expect(live).toMatchObject({ audience: 'executives', template: 'executives.md' });
    expect(live.text).toContain('SEV1 · INC-0001 Checkout failing · 20:00 CET');
    expect(live.text).toContain('Ana Kovač commands.');
    await done(engine, 'incident.retitle', { incident, title: 'Payments refused' });
    expect((await done(engine, 'update.draft', { incident, audience: 'executives' })).text).toContain(
      'Payments refused',
    );

    const send = { incident, audience: 'executives', channel: 'copied' } as const;
    expect(await refused(engine, 'update.send', send)).toMatch(/Nobody has reviewed the update for executives/);
    await done(engine, 'update.save', { incident, audience: 'executives', text: 'We work on it.' });
    await done(engine, 'update.review', { incident, audience: 'executives', person: 'li-wen' });
    await done(engine, 'update.save', { incident, audience: 'executives', text: 'We work on it, still.' });
    expect(await refused(engine, 'update.send', send)).toMatch(/changed after it was reviewed/);
    await done(engine, 'update.review', { incident, audience: 'executives', person: 'li-wen' });
    await done(engine, 'update.send', send);

    expect(await of('executives')).toMatchObject({
      draft: null,
      dueAt: START + 30 * MINUTE,
      sent: [{ text: 'We work on it, still.', channel: 'copied', reviewedBy: { id: 'li-wen' }, delivery: null }],
    });
    const { entries } = await done(engine, 'incident.timeline', { incident });
    expect(entries[0]).toMatchObject({
      summary: expect.stringMatching(
        /^update for executives copied and sent by hand, reviewed by Li Wen, next at 20:30/,
      ),
      text: 'We work on it, still.',
    });
  });

  it('is overdue where everybody sees it, until it goes out', async () => {
    expect(await needs()).not.toContainEqual(expect.stringMatching(/^update: /));
    now += 16 * MINUTE;
    expect(await needs()).toContain('update: INC-0001: update for executives');
    expect((await of('executives')).overdue).toBe(true);
    await done(engine, 'update.review', { incident, audience: 'executives', person: 'li-wen' });
    await done(engine, 'update.send', { incident, audience: 'executives', channel: 'read-out', minutes: 5 });
    expect(await needs()).not.toContain('update: INC-0001: update for executives');
    expect((await of('executives')).dueAt).toBe(now + 5 * MINUTE);
  });

  it('comes as often as the response that was chosen says', async () => {
    await done(engine, 'incident.model', { incident, level: 'business-continuity', reason: 'the business leads' });
    expect((await of('store-operations')).minutes).toBe(15);
    await done(engine, 'incident.model', { incident, level: 'service', reason: 'one team mends it' });
    expect((await of('executives')).dueAt).toBeNull();
  });

  it('for the public is refused with money or an internal name in it', async () => {
    const review = (text: string) =>
      refused(engine, 'update.review', { incident, audience: 'public', person: 'li-wen', text });
    expect(await review('We lose € 4,000 a minute.')).toMatch(/not for the public.*€ 4/);
    expect(await review('Our Checkout API is down.')).toMatch(/internal name \("Checkout API"\)/);
    expect(await review('Ana Kovač is on it.')).toMatch(/Ana Kovač/);
    await done(engine, 'update.review', { incident, audience: 'public', person: 'li-wen' });
    await done(engine, 'update.send', { incident, audience: 'public', channel: 'copied' });
    expect((await of('public-status')).sent[0]!.text).not.toMatch(/INC-|€|API/);
  });

  it('takes the words of the data folder, and the shipped ones when those cannot be used', async () => {
    mkdirSync(join(data, 'templates'));
    const file = join(data, 'templates/ours.md');
    writeFileSync(file, '---\naudience: engineers\n---\nWar room 4. {{title}}\n');
    expect((await done(engine, 'update.draft', { incident, audience: 'engineers' })).text).toBe(
      'War room 4. Checkout failing',
    );
    writeFileSync(file, '---\naudience: engineers\n---\n{{titel}}\n');
    const { problems } = await done(engine, 'update.list', { incident });
    expect(problems).toMatchObject([{ file: 'ours.md', line: 4, field: 'titel' }]);
    expect((await done(engine, 'update.draft', { incident, audience: 'engineers' })).template).toBe('engineers.md');
  });

  it('names what is wrong with the input', async () => {
    expect(await refused(engine, 'update.draft', { incident, audience: 'board' })).toMatch(
      /"board" is none of executives/,
    );
    expect(await refused(engine, 'update.review', { incident, audience: 'execs' })).toMatch(/say who read it/);
    expect(await refused(engine, 'update.endpoint', { audience: 'execs', url: 'ftp://x' })).toMatch(/http/);
    expect(await refused(engine, 'update.deliver', { incident, update: 'u-none' })).toMatch(/no update "u-none"/);
  });
});

describe('delivery', () => {
  let server: Server | null = null;
  let got: { headers: IncomingMessage['headers']; body: Record<string, unknown> }[] = [];
  let answer: { status: number; body: string } = { status: 200, body: 'ok' };
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

  async function listen(port = 0): Promise<number> {
    got = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ headers: request.headers, body: JSON.parse(body) as Record<string, unknown> });
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server!.listen(port, '127.0.0.1', resolve));
    return (server!.address() as AddressInfo).port;
  }
  const stop = () => new Promise<void>((resolve) => server!.close(() => resolve()));
  async function queue(audience: string, text: string) {
    await done(engine, 'update.review', { incident, audience, person: 'li-wen', text });
    return done(engine, 'update.send', { incident, audience, channel: 'delivery' });
  }

  it('goes out with its credential and an id, and the public gets nothing of the incident', async () => {
    answer = { status: 202, body: 'queued' };
    const url = `http://127.0.0.1:${await listen()}/hook`;
    await done(engine, 'update.endpoint', { audience: 'execs', url, credential: 'secret-token' });
    await done(engine, 'update.endpoint', { audience: 'public', url });
    const sent = await queue('execs', 'We work on it.');
    expect(sent).toMatchObject({ delivered: true });
    await queue('public', 'Paying is difficult right now.');
    expect(got[0]!.headers).toMatchObject({ authorization: 'Bearer secret-token', 'idempotency-key': sent.update });
    expect(got[0]!.body).toMatchObject({ text: 'We work on it.', incident: 'INC-0001', audience: 'executives' });
    expect(got[1]!.body).not.toHaveProperty('incident');
    expect(JSON.stringify(await done(engine, 'incident.timeline', { incident }))).not.toContain('secret-token');
  });

  it('waits while nothing can be reached, is asked again and then goes, and an older one never follows a newer', async () => {
    answer = { status: 200, body: '{}' };
    const port = await listen();
    await done(engine, 'update.endpoint', { audience: 'execs', url: `http://127.0.0.1:${port}/hook` });
    await stop();
    const first = await queue('execs', 'First.');
    expect(first).toMatchObject({ delivered: false, message: expect.stringMatching(/nothing listens/) });
    // What nobody was told is still owed.
    expect(await of('executives')).toMatchObject({
      dueAt: START + 15 * MINUTE,
      sent: [{ delivery: { state: 'waiting' } }],
    });
    expect(await needs()).toContain(
      'update-waiting: INC-0001: update for executives waits for delivery; is it still true?',
    );
    // One line for an audience, also when it is overdue besides.
    now += 16 * MINUTE;
    expect((await needs()).filter((line) => line.includes('update for executives'))).toHaveLength(1);
    now -= 16 * MINUTE;
    await listen(port);
    expect(got).toEqual([]);
    now += MINUTE;
    await engine.close();
    engine = await openOn(data, { now: () => now });
    expect(got).toEqual([]);
    const second = await queue('execs', 'Second.');
    expect(second).toMatchObject({ delivered: true });
    expect(await refused(engine, 'update.deliver', { incident, update: first.update })).toMatch(
      /newer update.*withdraw this one/,
    );
    await done(engine, 'update.withdraw', { incident, update: first.update, reason: 'not true any more' });
    expect(await refused(engine, 'update.deliver', { incident, update: second.update })).toMatch(/delivered already/);
    expect(got.map(({ body }) => body['text'])).toEqual(['Second.']);
    expect(await needs()).not.toContainEqual(expect.stringContaining('update-waiting'));
  });

  it('tells what the receiver said when it refuses, and may be tried again by hand with the same id', async () => {
    answer = { status: 503, body: '{"error":"mail relay is full"}' };
    const port = await listen();
    await done(engine, 'update.endpoint', { audience: 'stores', url: `http://127.0.0.1:${port}/hook` });
    const sent = await queue('stores', 'Stay open.');
    expect(sent.message).toMatch(/not ready to serve \(503\): mail relay is full/);
    answer = { status: 200, body: 'ok' };
    expect(await done(engine, 'update.deliver', { incident, update: sent.update })).toMatchObject({ delivered: true });
    expect(new Set(got.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });
});
