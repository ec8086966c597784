import { expect, it } from 'vitest';
import { BaseUrl } from '../../electron/engine/sources/http.ts';

const said = (text: string): string => {
  const answer = BaseUrl.safeParse(text);
  return answer.success ? answer.data : answer.error.issues[0]!.message;
};

it('an address is refused when nothing could ever be sent to it', async () => {
  expect(said('https://deploy.example:8443/api/')).toBe('https://deploy.example:8443/api');
  for (const port of [25, 6000, 10080]) {
    expect(said(`http://deploy.example:${port}`)).toMatch(new RegExp(`^port ${port} is one of those`));
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ cause: { message: 'bad port' } });
  }
  expect(said('ftp://deploy.example')).toMatch(/begins with http:\/\/ or https:\/\//);
  expect(said('https://ana:secret@deploy.example')).toMatch(/belong in the credential/);
});
