/** A field to type into, laid over a widget. It replaces litegraph's prompt, which evaluates what is typed as a number. */
import type { Theme } from "../theme";

export interface EntryOptions {
  readonly theme: Theme;
  /** The widget's place on the page, in CSS pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly value: string;
  readonly inputMode: "decimal" | "text";
  /** Of a text of several lines: how many are seen. Enter begins a new one. */
  readonly lines?: number;
  /** Takes what was typed, or returns a message that says why not. */
  commit(text: string): string | undefined;
  /** Arrow keys: the text one step up or down. */
  step?(text: string, direction: 1 | -1): string;
}

let close: (() => void) | undefined;

/**
 * Enter, with Ctrl or ⌘ where it begins a line, takes the value, a click elsewhere takes it if it is right, and Escape leaves it; but
 * several lines are much to type again, so there Escape takes them, which can be undone.
 */
export function openEntry(options: EntryOptions): HTMLInputElement | HTMLTextAreaElement {
  close?.();
  const { theme } = options;
  const box = document.createElement("div");
  box.className = "sftgan-entry";
  Object.assign(box.style, {
    position: "fixed",
    zIndex: "10000",
    left: `${options.left}px`,
    top: `${options.top}px`,
    width: `${Math.max(120, options.width)}px`,
    font: `${Math.max(12, options.height * 0.6)}px ${theme.font}`,
  });
  const input = document.createElement(options.lines ? "textarea" : "input");
  input.inputMode = options.inputMode;
  input.value = options.value;
  input.setAttribute("aria-label", options.label);
  Object.assign(input.style, {
    boxSizing: "border-box",
    width: "100%",
    height: `${Math.max(20, options.height * (options.lines ?? 1))}px`,
    padding: options.lines ? "6px 8px" : "0 8px",
    font: "inherit",
    color: theme.text,
    background: theme.field,
    border: `1px solid ${theme.accent}`,
    borderRadius: "6px",
    outline: "none",
  });
  const error = document.createElement("div");
  error.setAttribute("role", "alert");
  error.hidden = true;
  Object.assign(error.style, {
    marginTop: "4px",
    padding: "6px 8px",
    font: `12px ${theme.font}`,
    color: theme.bad,
    background: theme.badField,
    border: `1px solid ${theme.bad}`,
    borderRadius: "6px",
  });
  box.append(input, error);

  const shut = (): void => {
    if (close !== shut) return;
    close = undefined;
    box.remove();
  };
  const leave = (): void => {
    if (close !== shut) return;
    options.commit(input.value);
    shut();
  };
  const say = (message: string | undefined): boolean => {
    error.textContent = message ?? "";
    error.hidden = message === undefined;
    input.setAttribute("aria-invalid", String(message !== undefined));
    return message === undefined;
  };
  (input as HTMLElement).addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" && options.lines) leave();
    else if (event.key === "Escape") shut();
    else if (event.key === "Enter" && (!options.lines || event.ctrlKey || event.metaKey)) {
      if (say(options.commit(input.value))) shut();
    } else if (options.step && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      input.value = options.step(input.value, event.key === "ArrowUp" ? 1 : -1);
    }
  });
  input.addEventListener("input", () => say(undefined));
  input.addEventListener("blur", () => leave());
  document.body.append(box);
  close = shut;
  setTimeout(() => {
    input.focus({ preventScroll: true });
    input.select();
  });
  return input;
}
