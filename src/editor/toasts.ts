/** Short messages in the corner: notices, refusals, and what can still be taken back. Read out by screen readers. */
import { button, h } from "./dom";

export interface ToastAction {
  readonly label: string;
  act(): void;
}

export interface Toasts {
  readonly element: HTMLElement;
  /** What it gives takes the message away. */
  show(message: string, kind?: "info" | "error", actions?: readonly ToastAction[]): () => void;
  /** Shows a message unless it has been shown before. */
  once(message: string): void;
  /** Shows what was thrown. */
  fail(error: unknown): void;
  /** Does something and shows what it throws; false where it did. */
  attempt(act: () => void): boolean;
}

/** What offers something to do is there for longer. */
export const LIFETIME_MS = { info: 8000, error: 20_000, offer: 30_000 };
const MOST = 4;

/** Messages go by themselves, errors later than the rest, and none while the pointer is over it or it has the focus. */
export function createToasts(): Toasts {
  const element = h("div", { class: "toasts", role: "log", "aria-live": "polite", "aria-label": "Messages" });
  const show: Toasts["show"] = (text, kind = "info", actions = []) => {
    const message = text.charAt(0).toUpperCase() + text.slice(1);
    for (const old of element.querySelectorAll<HTMLElement>(".toast")) if (old.dataset.message === message) old.remove();
    const close = (): void => toast.remove();
    const toast = h("div", { class: `toast ${kind}`, "data-message": message, role: kind === "error" ? "alert" : undefined }, [
      h("p", {}, [message]),
      ...actions.map((action) =>
        button(
          undefined,
          action.label,
          () => {
            close();
            action.act();
          },
          action.label,
          "small",
        ),
      ),
      button("close", "Close", close, undefined, "quiet"),
    ]);
    element.append(toast);
    while (element.children.length > MOST) element.firstElementChild?.remove();
    const lifetime = LIFETIME_MS[actions.length ? "offer" : kind];
    let timer = setTimeout(close, lifetime);
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["pointerleave", "focusout"])
      toast.addEventListener(name, () => {
        clearTimeout(timer);
        timer = setTimeout(close, lifetime / 2);
      });
    return close;
  };
  const fail = (error: unknown): void => void show(error instanceof Error ? error.message : String(error), "error");
  const said = new Set<string>();
  return {
    element,
    show,
    once(message) {
      if (!said.has(message)) show(message, "error");
      said.add(message);
    },
    fail,
    attempt(act) {
      try {
        act();
        return true;
      } catch (error) {
        fail(error);
        return false;
      }
    },
  };
}
