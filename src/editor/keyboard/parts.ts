/** The parts of the page that the keys go around: messages that ask for something, the graph, the large view, lists and panels. */

/** Where each part is, and what in it takes the focus, the best first. */
const PARTS: readonly (readonly [part: string, ...targets: string[]])[] = [
  [".toasts", ".toast:last-child .button"],
  [".stage", ".graph-canvas"],
  [".viewer", ".viewer-canvas", "[tabindex='0']", ".button"],
  [".params", ".param :is(input, select, textarea, button:not(.app-mark))", "button"],
  [".node-list", "input"],
  [".takes", ".take", "input", "button"],
  [".batch", "button"],
  ["header.toolbar", "button"],
];

const isSeen = (element: HTMLElement): boolean =>
  element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled");

/** Gives the focus to the next part that is there, or the one before; round the ends. */
export function goToPart(page: ParentNode, by: 1 | -1): void {
  const here = document.activeElement?.closest(PARTS.map(([part]) => part).join());
  const all = PARTS.map(([part, ...targets]) => {
    const element = page.querySelector<HTMLElement>(part);
    const found = element && targets.flatMap((one) => [...element.querySelectorAll<HTMLElement>(one)]).find(isSeen);
    return { element, found, isHere: element !== null && element === here };
  });
  const from = all.findIndex(({ isHere }) => isHere);
  for (let step = 1; step <= all.length; step++) {
    const at = from < 0 && by < 0 ? all.length - step : from + by * step;
    const { found, isHere } = all[(at + all.length * 2) % all.length]!;
    if (!found || isHere) continue;
    found.focus({ preventScroll: true });
    return;
  }
}
