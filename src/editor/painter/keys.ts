/** The painter's keys: caught on their way down, so that a stroke under way is not undone in its middle. */

export interface PaintKeys {
  /** Where they mean something while the page is not the painter's alone. */
  readonly element: HTMLElement;
  /** Something is painted on. */
  readonly open: boolean;
  readonly drawing: boolean;
  /** The whole page is the painter's. */
  readonly wide: boolean;
  abandon(): void;
  /** Leaves the whole page. */
  narrow(): void;
  /** True where the key meant something. */
  key(key: string): boolean;
}

export function listenToPaintKeys(painter: PaintKeys): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (!painter.open || document.querySelector("dialog[open], .menu")) return;
      const target = event.target as HTMLElement;
      if (painter.drawing) {
        if (event.key === "Escape") painter.abandon();
        if (event.key !== " ") stop(event);
        return;
      }
      const mine = painter.wide || painter.element.contains(target);
      if (!mine || event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea)$/i.test(textFieldOf(target))) return;
      if (event.key === "Escape") {
        if (!painter.wide) return;
        painter.narrow();
        stop(event);
      } else if (painter.key(event.key)) stop(event);
    },
    true,
  );
}

function stop(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** A slider takes no letters. */
const textFieldOf = (target: HTMLElement): string =>
  target instanceof HTMLInputElement && target.type === "range" ? "" : (target.tagName ?? "");
