/** A source's configuration through its form: what was set is shown, what is left empty is left out, secrets go their own way. */
import { expect, it } from 'vitest';
import { configOf, draftOf, missing, shownValue } from '../../renderer/features/sources/config.ts';
import { alertmanager } from '../../electron/engine/sources/alertmanager.ts';
import { prometheus } from '../../electron/engine/sources/prometheus.ts';
import type { SourceType } from '../../shared/contract/sources.ts';

const typeOf = ({ type, title, fields }: SourceType): SourceType => ({ type, title, fields });

it('writes lists and pairs as a person would', () => {
  expect(shownValue(['checkout-*', 'payments-api'])).toBe('checkout-*, payments-api');
  expect(shownValue({ warning: 'early-warning', p3: 'ignore' })).toBe('warning=early-warning, p3=ignore');
  expect(shownValue(undefined)).toBe('');
  expect(shownValue(0)).toBe('0');
});

it.each([
  [
    'Prometheus',
    prometheus,
    { url: 'http://prometheus.example:9090', intervalSeconds: 30, only: ['checkout-*', 'tax'], tenant: 'shop' },
  ],
  [
    'Alertmanager',
    alertmanager,
    {
      url: 'http://alerts.example:9093',
      severities: { p1: 'customer-impacting', p3: 'ignore' },
      serviceLabels: ['service', 'app'],
      watchdog: 'Watchdog',
    },
  ],
])('what %s was configured with survives being shown and saved again', (_name, module, config) => {
  const kept = module.config.parse(config);
  const again = module.config.parse(configOf(typeOf(module), draftOf(typeOf(module), kept)).config);
  expect(again).toEqual(kept);
});

it('never puts the credential into the configuration', () => {
  const draft = { url: 'http://prometheus.example', credential: 'ana:secret' };
  expect(configOf(typeOf(prometheus), draft)).toEqual({
    config: { url: 'http://prometheus.example' },
    credential: 'ana:secret',
  });
});

it('does not show a credential that would stand in the configuration', () => {
  expect(draftOf(typeOf(prometheus), { url: 'http://prometheus.example', credential: 'secret' })).not.toHaveProperty(
    'credential',
  );
});

it('names the first field that is needed and empty', () => {
  expect(missing(typeOf(prometheus), { url: '  ' }, false)).toBe('url');
  expect(missing(typeOf(prometheus), { url: 'http://prometheus.example' }, false)).toBeNull();
  const locked: SourceType = {
    type: 'x',
    title: 'X',
    fields: [{ name: 'token', title: 'Token', required: true, secret: true, example: '', help: '' }],
  };
  expect(missing(locked, {}, false)).toBe('token');
  expect(missing(locked, {}, true)).toBeNull();
});
