/** Files of joining that are looked for at every opening. */

/** That an empty log was ordered, and how far that is. */
export const ANEW_FILE = 'anew.json';
