import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';

export default handle('hub.retry', ({ sync }) => {
  if (!sync.config)
    throw new Refusal(
      'refused',
      'No hub is configured: set one in Settings, or with `holdfast hub set URL ORGANISATION`.',
    );
  sync.retry();
  return {};
});
