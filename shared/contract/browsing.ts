/** How the engine asks the main process to open an address in the browser of whoever sits there. */

export interface ToBrowser {
  type: 'browse';
  id: number;
  url: string;
}

export interface FromBrowser {
  type: 'browse';
  id: number;
  /** Why it was not opened, as a clause; null when it was. */
  problem: string | null;
}
