/** The words of a response in their order, without the schemas: for screens and the composer. */

/** From one team to the whole company. */
export const RESPONSE_LEVELS = ['service', 'platform', 'business-continuity'] as const;
export type ResponseLevel = (typeof RESPONSE_LEVELS)[number];

export const RESPONSE_MODELS = [
  'swarm',
  'automation-first',
  'command',
  'follow-the-sun',
  'business-continuity',
] as const;
export type ResponseModel = (typeof RESPONSE_MODELS)[number];

/** What people say of data that may be wrong, or of somebody who may have broken in. */
export const SUSPICIONS = ['none', 'suspected', 'confirmed'] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

const TITLES: Record<ResponseLevel | ResponseModel, string> = {
  service: 'service level',
  platform: 'platform level',
  'business-continuity': 'business continuity',
  swarm: 'swarm',
  'automation-first': 'automation first',
  command: 'command',
  'follow-the-sun': 'follow the sun',
};

/** As people say it: "platform level", "follow the sun". */
export function responseName(word: ResponseLevel | ResponseModel): string {
  return TITLES[word];
}
