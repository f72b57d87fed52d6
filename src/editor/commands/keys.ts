/** The keys of the whole page: what is pressed there is run, unless a panel of its own has taken it. */
import type { Commands } from "./commands";
import type { CommandId, Place } from "./table";

/** What has the focus takes letters itself; sliders do not. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select'));

/** Something is open over the page that has its own keys. */
export const isCovered = (): boolean => document.querySelector("dialog[open], .menu") !== null;

/** `surface` is the graph: keys that delete are for it, or for nothing that has the focus. */
export function listenToKeys(surface: HTMLElement, commands: Commands): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const isGraphs = event.target === document.body || (event.target instanceof Node && surface.contains(event.target));
    const places: readonly Place[] = isTyping(event.target)
      ? ["anywhere"]
      : isGraphs
        ? ["anywhere", "page", "graph"]
        : ["anywhere", "page"];
    const id = commands.match(event, places);
    if (!id || (isCovered() && id !== "run.stop" && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    commands.run(id);
  });
}

/** Keys of one part of the page: run as they are provided, or by `act`, which says what a command does there. `isMine`: other keys are left alone. */
export function listenToKeysOf(
  element: HTMLElement,
  place: Place,
  commands: Commands,
  act: (id: CommandId, event: KeyboardEvent) => void = (id) => commands.run(id),
  isMine: (event: KeyboardEvent) => boolean = () => true,
): void {
  element.addEventListener("keydown", (event) => {
    const id = event.defaultPrevented || !isMine(event) ? undefined : commands.match(event, [place]);
    if (!id) return;
    event.preventDefault();
    event.stopPropagation();
    act(id, event);
  });
}
