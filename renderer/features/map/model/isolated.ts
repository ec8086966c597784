/** Text that reads in its own direction, whatever stands around it: an ellipsis or a number beside an Arabic name stays where it belongs. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** The text between the marks for "first strong isolate"; as it is where nothing in it runs from right to left. */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}
