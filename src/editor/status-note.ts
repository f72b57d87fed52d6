/** The words in the status bar: how runs stand, and over that for a while what was just done. */
import { LIFETIME_MS } from "./toasts";

export interface StatusNote {
  /** How runs stand, `bad` where something went wrong. A screen reader is told, unless that is `quiet`. */
  stand(text: string, how?: { readonly bad?: boolean; readonly quiet?: boolean }): void;
  /** What was just done: it goes by itself, as other notices do. */
  say(text: string): void;
  /** What is being done: it stays until something else is said. */
  doing(text: string): void;
}

/** What it uses of an element. */
export interface NoteElement {
  textContent: string | null;
  readonly classList: { toggle(name: string, on: boolean): unknown };
  setAttribute(name: string, value: string): void;
}

export function createStatusNote(element: NoteElement): StatusNote {
  let standing = { text: "", bad: false };
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(text: string, bad = false, quiet = false): void {
    clearTimeout(timer);
    element.classList.toggle("bad", bad);
    if (text === element.textContent) return;
    element.setAttribute("aria-live", quiet ? "off" : "polite");
    element.textContent = text;
  }

  return {
    stand(text, { bad = false, quiet = false } = {}) {
      standing = { text, bad };
      show(text, bad, quiet);
    },
    say(text) {
      show(text);
      timer = setTimeout(() => show(standing.text, standing.bad, true), LIFETIME_MS.info);
    },
    doing: (text) => show(text),
  };
}
