/** The keys of the whole page: what is pressed there is run, unless a panel of its own has taken it. */
import type { Commands } from "./commands";
import type { CommandId, Place } from "./table";

/** What has the focus takes letters itself; sliders do not. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, select'));

/** A dialog is open, behind which nothing is done. */
export const hasDialog = (): boolean => document.querySelector("dialog[open]") !== null;
/** Something is open over the page that has its own keys. */
export const isCovered = (): boolean => hasDialog() || document.querySelector(".menu") !== null;

/** Whether the graph, shown on `surface`, has the keys, or nothing has. */
export const hasGraphKeys = (surface: HTMLElement, target: EventTarget | null): boolean =>
  target === document.body || (target instanceof Node && surface.contains(target));

/** What is typed into a field is not for the part of the page that it is in; what goes anywhere on the page, such as Ctrl+S, is for that. */
export function keepTyped(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey && !/^F\d+$/.test(event.key)) event.stopPropagation();
}

/** `surface` is the graph: keys that delete are for it, or for nothing that has the focus. */
export function listenToKeys(surface: HTMLElement, commands: Commands): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || hasDialog()) return;
    const places: readonly Place[] = isTyping(event.target)
      ? ["anywhere"]
      : hasGraphKeys(surface, event.target)
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
