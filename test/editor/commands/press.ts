/** A key as the browser reports it. */
import type { KeyPress } from "../../../src/editor/commands/chord";

export function press(key: string, code: string, modifiers = ""): KeyPress {
  const has = (name: string) => modifiers.split("+").includes(name);
  return {
    key,
    code,
    ctrlKey: has("Ctrl"),
    metaKey: has("Meta"),
    altKey: has("Alt"),
    shiftKey: has("Shift"),
    getModifierState: (name) => has(name),
  };
}
