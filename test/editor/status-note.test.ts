/** What the status bar says: how runs stand, and for a while what was just done. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStatusNote, type StatusNote } from "../../src/editor/status-note";

let note: StatusNote;
let isBad: boolean;
/** Every text, marked where a screen reader is told of it. */
let texts: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  texts = [];
  let live = "";
  note = createStatusNote({
    get textContent() {
      return texts.at(-1)?.replace(" (heard)", "") ?? "";
    },
    set textContent(text) {
      texts.push(`${text}${live === "polite" ? " (heard)" : ""}`);
    },
    classList: { toggle: (_, on) => (isBad = on) },
    setAttribute(_, value) {
      live = value;
    },
  });
});
afterEach(() => void vi.useRealTimers());

it("What was done is said for a while, then how the last run stands, which is not said aloud again", () => {
  note.stand("Segment failed", { bad: true });
  note.say("Undone: add Crop");
  expect(isBad).toBe(false);
  vi.advanceTimersByTime(5000);
  note.say("Undone: move Save"); // has its own while
  vi.advanceTimersByTime(5000);
  expect(texts.at(-1)).toBe("Undone: move Save (heard)");
  vi.advanceTimersByTime(5000);
  expect([texts.at(-1), isBad]).toEqual(["Segment failed", true]);
});

it("What is being done stays until something else is said; a run says how it stands over all of that", () => {
  note.stand("Ready");
  note.say("“a.png” is open");
  note.doing("Reading “b.png”…");
  vi.advanceTimersByTime(60_000);
  expect(texts.at(-1)).toBe("Reading “b.png”… (heard)");
  note.say("“b.png” is here");
  note.stand("Segment · 30 %", { quiet: true });
  vi.advanceTimersByTime(60_000);
  expect(texts.slice(-2)).toEqual(["“b.png” is here (heard)", "Segment · 30 %"]);
});
