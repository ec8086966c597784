import { describe, expect, it } from 'vitest';
import { safeName } from '../../electron/engine/evidence/name.ts';

describe('the name of a file that others attached', () => {
  it.each([
    ['queue depth.png', 'queue depth.png'],
    ['../../.ssh/authorized_keys', 'ssh-authorized_keys'],
    ['..\\..\\autorun.inf', 'autorun.inf'],
    ['/etc/passwd', 'etc-passwd'],
    ['con.txt', 'evidence-con.txt'],
    ['...', 'evidence-'],
    ['invoice\u202Efdp.exe', 'invoice-fdp.exe'],
    ['a\u0000b\nc.log', 'a-b-c.log'],
  ])('%j is written as %j', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});
