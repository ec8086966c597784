import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consoleIdOf, rawKey } from '../../electron/engine/access/identity.ts';
import { challengeOf, consoleBits, holderBits, readChallenge, responseTo } from '../../electron/engine/grants/phone.ts';

function identity() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519') as { publicKey: KeyObject; privateKey: KeyObject };
  return { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
}

const [asking, approving, stranger] = [identity(), identity(), identity()];
const request = {
  ...{ grant: 'b0k3v9x8y7z6w5v4', capabilities: ['command', 'approve-critical'], minutes: 45, incident: 42 },
  ...{ holder: 'raj-menon', console: asking.console },
};

describe('an approval by phone', () => {
  it('is the same for both consoles and another for everybody else', () => {
    const challenge = challengeOf(request);
    const here = responseTo(approving, rawKey(asking.publicKey), challenge, 'ana-kovac');
    expect(responseTo(asking, rawKey(approving.publicKey), challenge, 'ana-kovac')).toEqual(here);
    expect(responseTo(stranger, rawKey(asking.publicKey), challenge, 'ana-kovac')).not.toEqual(here);
    expect(responseTo(asking, rawKey(stranger.publicKey), challenge, 'ana-kovac')).not.toEqual(here);
    expect(responseTo(asking, rawKey(approving.publicKey), challenge, 'li-wen')).not.toEqual(here);
  });

  it('fits no other request, and tells the approver all of this one', () => {
    const challenge = challengeOf(request);
    const here = responseTo(approving, rawKey(asking.publicKey), challenge, 'ana-kovac');
    for (const other of [
      { ...request, minutes: 46 },
      { ...request, incident: 43 },
      { ...request, capabilities: ['command'] },
      { ...request, holder: 'li-wen' },
      { ...request, grant: 'b0k3v9x8y7z6w5v5' },
    ])
      expect(responseTo(approving, rawKey(asking.publicKey), challengeOf(other), 'ana-kovac')).not.toEqual(here);
    expect(readChallenge(challenge)).toEqual({
      ...{ capabilities: ['command', 'approve-critical'], minutes: 45, incident: 42 },
      ...{ holder: holderBits('raj-menon'), console: consoleBits(asking.console) },
    });
  });

  it('agrees between any two keys', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(31), { minLength: 21, maxLength: 21 }), (challenge) => {
        const [a, b] = [identity(), identity()];
        expect(responseTo(a, rawKey(b.publicKey), challenge, 'x')).toEqual(
          responseTo(b, rawKey(a.publicKey), challenge, 'x'),
        );
      }),
      { numRuns: 25 },
    );
  });
});
