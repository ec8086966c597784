import { expect, test } from 'vitest';
import { checkCall } from '../../../electron/main/call.ts';
import { senderProblem } from '../../../electron/main/gate.ts';

const ours = new Set([7]);
const origin = 'holdfast://app';
const top = { origin, parent: null };

test('hears the top frame of our window at our origin', () => {
  expect(senderProblem({ sender: { id: 7 }, senderFrame: top }, ours, origin)).toBeNull();
});

test.each([
  ['a frame that has gone', { sender: { id: 7 }, senderFrame: null }],
  ['a frame inside the page', { sender: { id: 7 }, senderFrame: { origin, parent: top } }],
  ['another origin', { sender: { id: 7 }, senderFrame: { origin: 'https://app', parent: null } }],
  [
    'an origin that starts like ours',
    { sender: { id: 7 }, senderFrame: { origin: 'holdfast://app.evil', parent: null } },
  ],
  ['an opaque origin', { sender: { id: 7 }, senderFrame: { origin: 'null', parent: null } }],
  ['a window that is not ours', { sender: { id: 8 }, senderFrame: top }],
])('does not hear %s', (_what, event) => {
  expect(senderProblem(event, ours, origin)).not.toBeNull();
});

test('passes a call that the contract takes', () => {
  expect(checkCall(['incident.say', { incident: 'INC-1', text: 'hello' }])).toMatchObject({
    ok: true,
    name: 'incident.say',
  });
});

test.each([
  ['an unknown name', ['incident.destroy', {}]],
  ['a name of every object', ['constructor', {}]],
  ['the prototype', ['__proto__', {}]],
  ['a name that is no text', [{ toString: () => 'status' }, {}]],
  ['no input', ['status']],
  ['one argument too many', ['status', {}, {}]],
  ['an extra key', ['incident.say', { incident: 'INC-1', text: 'hello', actor: 'somebody-else' }]],
  ['a missing key', ['incident.say', { incident: 'INC-1' }]],
  ['a wrong type', ['incident.say', { incident: 1, text: 'hello' }]],
  ['an input that is no object', ['status', null]],
])('refuses %s as bad input, in one sentence', (_what, args) => {
  expect(checkCall(args)).toMatchObject({
    ok: false,
    reply: { ok: false, code: 'bad_input', message: expect.stringMatching(/\.$/) },
  });
});
