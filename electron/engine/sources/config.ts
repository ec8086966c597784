/** Parts that the configurations of several sources share. Numbers may come as text, as a form or a command line gives them. */
import { z } from 'zod';
import type { SourceType } from '../../../shared/contract/sources.ts';
import type { Timing } from './source.ts';

const seconds = (least: number, most: number) => z.coerce.number().min(least).max(most);

/** How often to read and how long to wait, in seconds. */
export const timingShape = {
  intervalSeconds: seconds(1, 3600).default(15),
  timeoutSeconds: seconds(0.1, 300).default(10),
};

export function timingOf(config: { intervalSeconds: number; timeoutSeconds: number }): Timing {
  return { intervalMs: config.intervalSeconds * 1000, timeoutMs: config.timeoutSeconds * 1000 };
}

/** A list, or text with commas between its items. */
export const TextList = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((items) => items.map((item) => item.trim()).filter((item) => item !== ''));

/** Yes or no, as a form, a command line or a file may say it. */
export const YesNo = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(['yes', 'no', 'on', 'off', 'true', 'false'], 'say yes or no'))
    .transform((word) => ['yes', 'on', 'true'].includes(word)),
]);

type Field = SourceType['fields'][number];

export const urlField = (example: string): Field => ({
  name: 'url',
  title: 'Address',
  required: true,
  secret: false,
  example,
  help: 'Where this machine reaches it, with the path before /api if there is one.',
});

export const credentialField: Field = {
  name: 'credential',
  title: 'Credential',
  required: false,
  secret: true,
  example: 'token, or user:password',
  help: 'Sent as a bearer token, or as user and password when there is a colon in it. Kept on this machine only.',
};

export const timingFields: Field[] = [
  {
    name: 'intervalSeconds',
    title: 'Read every (seconds)',
    required: false,
    secret: false,
    example: '15',
    help: 'After one and a half intervals without an answer it is late, after three it is down, and a little later what it said is unknown.',
  },
  {
    name: 'timeoutSeconds',
    title: 'Wait at most (seconds)',
    required: false,
    secret: false,
    example: '10',
    help: 'For one whole read.',
  },
];
