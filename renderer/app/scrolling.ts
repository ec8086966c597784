/**
 * Scrolling by keys. Invariant: what is longer than its screen can be read to its end without a mouse, wherever the focus is;
 * the browser alone scrolls only what holds it.
 */

const SCROLLS = new Set(['auto', 'scroll']);
/** Of what is seen, so that a line of before stays in view. */
const PAGE = 0.9;

function scrolls(element: Element): element is HTMLElement {
  return (
    element instanceof HTMLElement &&
    element.scrollHeight > element.clientHeight + 1 &&
    SCROLLS.has(getComputedStyle(element).overflowY)
  );
}

/** What `focus` stands in, if that scrolls; else the largest of the screen that does; null when all is in view. */
function scrolled(main: Element, focus: Element | null): HTMLElement | null {
  for (let element = focus; element !== null && main.contains(element); element = element.parentElement)
    if (scrolls(element)) return element;
  const area = ({ clientWidth, clientHeight }: HTMLElement): number => clientWidth * clientHeight;
  return [...main.querySelectorAll('*')]
    .filter(scrolls)
    .reduce<HTMLElement | null>((most, one) => (most === null || area(one) > area(most) ? one : most), null);
}

/** Scrolls the screen by pages (negative: up), or to its end with an infinity. */
export function scrollScreen(pages: number): void {
  const main = document.querySelector('main');
  const target = main && scrolled(main, document.activeElement);
  if (!target) return;
  if (Number.isFinite(pages)) target.scrollBy({ top: pages * PAGE * target.clientHeight });
  else target.scrollTo({ top: pages > 0 ? target.scrollHeight : 0 });
}
