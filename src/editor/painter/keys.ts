/** The painter's keys: caught on their way down, so that a stroke under way is not undone in its middle. */
import type { Commands } from "../commands/commands";
import { isCovered, isTyping } from "../commands/keys";

export interface PaintKeys {
  /** Where they mean something while the page is not the painter's alone. */
  readonly element: HTMLElement;
  /** Something is painted on. */
  readonly open: boolean;
  readonly drawing: boolean;
  /** The whole page is the painter's. */
  readonly wide: boolean;
  abandon(): void;
}

export function listenToPaintKeys(painter: PaintKeys, commands: Commands): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (!painter.open || isCovered()) return;
      if (painter.drawing) {
        if (event.key === "Escape") painter.abandon();
        if (event.key !== " ") stop(event);
        return;
      }
      const mine = painter.wide || (event.target instanceof Node && painter.element.contains(event.target));
      if (!mine || isTyping(event.target)) return;
      const id = commands.match(event, ["paint"]);
      if (!id) return;
      commands.run(id);
      stop(event);
    },
    true,
  );
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
