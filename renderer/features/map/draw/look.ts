/** The colours and fonts of the map as plain values, so that they can be sent to where no style sheet is. */
export interface Look {
  ground: string;
  raised: string;
  hover: string;
  selected: string;
  line: string;
  lineControl: string;
  text: string;
  quiet: string;
  accent: string;
  hatch: string;
  /** Healthy services from afar. */
  blocks: string;
  /** By health number: mark and outline, and the ground of a box. */
  health: string[];
  healthGround: string[];
  family: string;
}

/** Reads the design tokens that are in force for an element. */
export function readLook(element: Element): Look {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: token('ground'),
    raised: token('ground-raised'),
    hover: token('ground-hover'),
    selected: token('ground-selected'),
    line: token('line'),
    lineControl: token('line-control'),
    text: token('text'),
    quiet: token('text-quiet'),
    accent: token('accent'),
    hatch: token('hatch-line'),
    blocks: token('line'),
    health: ['healthy', 'early-warning', 'degraded', 'failing', 'unknown'].map(token),
    healthGround: [
      token('ground-raised'),
      token('ground-raised'),
      token('degraded-ground'),
      token('failing-ground'),
      token('ground-raised'),
    ],
    family: token('font'),
  };
}
