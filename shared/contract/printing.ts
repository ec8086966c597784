/** How the engine asks the main process, which alone has windows, to print. */

export interface ToPrinter {
  type: 'print';
  id: number;
  /** A whole HTML file that loads nothing. */
  html: string;
}

export interface FromPrinter {
  type: 'print';
  id: number;
  /** Null when it could not be printed. */
  pdf: Uint8Array | null;
  /** Why not, as a clause. */
  problem: string;
}
