/** What part of the map is painted onto what surface, and in how much detail. */
import { SIZES } from '../../../../shared/domain/layout/layout.ts';
import type { Size, View } from './view.ts';

export interface Frame {
  view: View;
  /** CSS pixels. */
  size: Size;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

/** How much detail a scale carries: two lines of text, one line, or a block of colour. */
export type Detail = 'card' | 'label' | 'block';

export function detailAt(scale: number): Detail {
  return scale >= 0.8 ? 'card' : scale * SIZES.height >= 14 ? 'label' : 'block';
}
