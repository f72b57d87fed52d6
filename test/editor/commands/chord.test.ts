import { describe, expect, it } from "vitest";
import { chordsOf, isChord, keyText, typesWithAlt } from "../../../src/editor/commands/chord";
import { COMMAND_IDS, infoOf } from "../../../src/editor/commands/table";
import { press } from "./press";

const PC = false;
const MAC = true;

describe("A press of keys", () => {
  it("is named by the letter of the layout, whatever Shift and Caps Lock make of it", () => {
    expect(chordsOf(press("z", "KeyZ", "Ctrl"), PC)).toEqual(["Ctrl+Z"]);
    expect(chordsOf(press("Z", "KeyZ", "Ctrl"), PC)).toEqual(["Ctrl+Z"]); // Caps Lock
    expect(chordsOf(press("Z", "KeyZ", "Ctrl+Shift"), PC)).toEqual(["Ctrl+Shift+Z"]);
    expect(chordsOf(press("y", "KeyZ", "Ctrl"), PC)).toEqual(["Ctrl+Y"]); // a German keyboard
    expect(chordsOf(press("f", "KeyY", "Ctrl"), PC)).toEqual(["Ctrl+F"]); // Dvorak: no Ctrl+Y
    expect(chordsOf(press(" ", "Space"), PC)).toEqual(["Space"]);
    expect(chordsOf(press("Enter", "NumpadEnter", "Ctrl"), PC)).toEqual(["Ctrl+Enter"]);
  });

  it("is named by the key's position where the layout is not Latin", () => {
    expect(chordsOf(press("я", "KeyZ", "Ctrl"), PC)).toEqual(["Ctrl+Z"]);
    expect(chordsOf(press("Я", "KeyZ", "Ctrl+Shift"), PC)).toEqual(["Ctrl+Shift+Z"]);
    expect(chordsOf(press("ζ", "KeyZ"), PC)).toEqual(["Z"]);
    expect(chordsOf(press("ש", "KeyA"), PC)).toEqual(["A"]);
    expect(chordsOf(press("х", "BracketLeft"), PC)).toEqual(["["]);
    expect(chordsOf(press("Х", "BracketLeft", "Shift"), PC)).toEqual(["{"]);
    expect(chordsOf(press("Dead", "BracketLeft"), PC)).toEqual(["["]);
  });

  it("has the Shift of a sign in the sign", () => {
    expect(chordsOf(press("?", "Slash", "Shift"), PC)).toEqual(["?"]);
    expect(chordsOf(press("/", "Digit7", "Shift"), PC)).toEqual(["/"]); // a German keyboard
    expect(chordsOf(press("Delete", "Delete", "Shift"), PC)).toEqual(["Shift+Delete"]);
  });

  it("may be the digit of a key that has it on Shift only", () => {
    expect(chordsOf(press("&", "Digit1"), PC)).toEqual(["&", "1"]);
    expect(chordsOf(press("é", "Digit2"), PC)).toEqual(["2"]);
    expect(chordsOf(press("1", "Digit1", "Shift"), PC)).toEqual(["1"]);
  });

  it("leaves what AltGr types alone, but for signs that the layout has nowhere else", () => {
    expect(chordsOf(press("@", "KeyQ", "Ctrl+Alt+AltGraph"), PC)).toEqual(["@"]);
    expect(chordsOf(press("[", "Digit8", "Ctrl+Alt+AltGraph"), PC)).toEqual(["["]);
    for (const [key, code] of [
      ["ż", "KeyZ"],
      ["€", "KeyE"],
      ["Delete", "Delete"],
    ] as const)
      expect(chordsOf(press(key, code, "Ctrl+Alt+AltGraph"), PC)).toEqual([]);
  });

  it("with Alt is never what it is without, and no command of the table is typed with Alt", () => {
    expect(chordsOf(press("z", "KeyZ", "Alt"), PC)).toEqual(["Alt+Z"]);
    expect(chordsOf(press("z", "KeyZ", "Ctrl+Alt"), PC)).toEqual(["Ctrl+Alt+Z"]);
    expect(COMMAND_IDS.flatMap((id) => infoOf(id).keys).filter(typesWithAlt)).toEqual([]);
  });

  it("takes Ctrl for ⌘ on a Mac, and nothing with the other of the two", () => {
    expect(chordsOf(press("z", "KeyZ", "Meta"), MAC)).toEqual(["Ctrl+Z"]);
    expect(chordsOf(press("z", "KeyZ", "Ctrl"), MAC)).toEqual([]);
    expect(chordsOf(press("z", "KeyZ", "Meta"), PC)).toEqual([]);
    expect(keyText("Ctrl+Shift+Z", MAC)).toBe("⌘⇧Z");
    expect(keyText("Ctrl+Shift+Z", PC)).toBe("Ctrl+Shift+Z");
    expect(keyText("Escape", PC)).toBe("Esc");
  });

  it("is nothing while an input method composes, nor of a modifier alone", () => {
    expect(chordsOf({ ...press("z", "KeyZ"), isComposing: true }, PC)).toEqual([]);
    expect(chordsOf(press("Process", "KeyZ"), PC)).toEqual([]);
    expect(chordsOf(press("Control", "ControlLeft", "Ctrl"), PC)).toEqual([]);
  });
});

describe("Chords in stored settings", () => {
  it("are told from other text", () => {
    for (const id of COMMAND_IDS) expect(infoOf(id).keys.filter((chord) => !isChord(chord))).toEqual([]);
    for (const text of ["", "ctrl+z", "Ctrl+", "Ctrl+z", "Hyper+Z", "Ctrl+Shift+Alt+Z", "<b>", 7, null, "A B"])
      expect(isChord(text)).toBe(false);
    for (const text of ["+", "Ctrl++", "F12", "Ctrl+Alt+Shift+Enter", "Space"]) expect(isChord(text)).toBe(true);
  });
});
