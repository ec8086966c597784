import { expect, test } from 'vitest';
import { issuerProblem } from '../../shared/domain/access/sso.ts';

test.each([
  'https://login.example/tenant',
  'https://login.example:8443',
  'HTTPS://Login.Example/a/b/',
  'http://127.0.0.1:4000',
  'http://localhost:4000/realms/shop',
  'http://[::1]:4000',
])('takes %s as an issuer', (issuer) => expect(issuerProblem(issuer)).toBeNull());

test.each([
  ['http://login.example', /begins with https/],
  ['http://localhost.evil.example', /begins with https/],
  ['ftp://login.example', /begins with https/],
  ['https://ana:secret@login.example', /no user/],
  ['https://login.example?tenant=1', /no user/],
  ['https://login.example/#here', /no user/],
  ['login.example', /write the issuer/],
  ['https://', /write the issuer/],
  ['https:// login.example', /write the issuer/],
  ['', /write the issuer/],
])('refuses "%s" and says why', (issuer, why) => expect(issuerProblem(issuer)).toMatch(why));
