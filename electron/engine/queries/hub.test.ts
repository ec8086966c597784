import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { hubConfig } from '../sync/configure.ts';

export default handle('hub.test', ({ sync }, { credential, url, organisation, ...input }) => {
  const address = url ?? sync.config?.url;
  const name = organisation ?? sync.config?.organisation;
  if (address === undefined || name === undefined)
    throw new Refusal(
      'bad_input',
      'No hub is configured: say which to try, as `hub test nats://host:4222 acme-retail`.',
    );
  return sync.test(hubConfig(sync.config, { ...input, url: address, organisation: name }), credential);
});
