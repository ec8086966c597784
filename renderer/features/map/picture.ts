/** The map that is on the screen as a picture: the same services, groups, lines and health, whole, whatever the view shows of it. */
import { HURT, QUIET } from '../../../shared/domain/graph/path.ts';
import { mapSvg } from '../../../shared/domain/map-svg.ts';
import { OUTLINE, type Scene } from './draw/scene.ts';
import { HEALTHS } from './model/graph.ts';

/** Largest PNG, pixels, and its longest side. */
const MOST_PIXELS = 40_000_000;
const LONGEST = 16_000;

export function svgOf({ cast, layout, live }: Scene, title: string): string {
  const theme = document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
  return mapSvg({
    layout,
    boxes: cast.ids.map((_, v) => ({
      name: cast.names[v]!,
      note: live.notes.get(v) ?? cast.notes[v]!,
      health: HEALTHS[live.health[v]!]!,
      tier: cast.tier[v] === 0 ? null : cast.tier[v]!,
      group: cast.outline[v] === OUTLINE.stack,
      changed: live.changed[v] === 1,
    })),
    lines: Array.from(cast.from, (from, e) => ({
      from,
      to: cast.to[e]!,
      soft: (cast.style[e]! & 1) === 1,
      mode: (['sync', 'async', 'batch'] as const)[cast.style[e]! >> 1] ?? 'sync',
      weight: cast.weight[e]!,
      path: live.edge[e] === HURT ? 'hurt' : live.edge[e] === QUIET ? 'quiet' : 'risk',
    })),
    laneTitles: cast.laneTitles,
    title,
    theme,
  });
}

/** The same as a PNG file, base64; smaller where the map would be too large for one. */
export async function pngOf(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(
    1,
    LONGEST / Math.max(naturalWidth, naturalHeight),
    Math.sqrt(MOST_PIXELS / (naturalWidth * naturalHeight)),
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This machine gives no drawing surface; save it as SVG.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}
