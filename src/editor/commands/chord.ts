/**
 * Keys pressed together, as text: "Ctrl+Shift+Z", "?", "Delete". Ctrl stands for ⌘ on a Mac. Letters are those of the layout, or
 * those of the key's position where the layout has others (Я is Z). No DOM.
 */

/** What is read of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing?: boolean;
  getModifierState?(name: string): boolean;
}

/** Whether keys are called ⌘ here. */
export const onMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

/** Characters of other keys by their position on a US keyboard, without and with Shift. */
const POSITIONS: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Slash: ["/", "?"],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backslash: ["\\", "|"],
  Backquote: ["`", "~"],
};

const isCharacter = (key: string): boolean => [...key].length === 1;
const isAscii = (key: string): boolean => key >= "!" && key <= "~";
const isLetter = (key: string): boolean => /^[a-z]$/i.test(key);

/** The character that a key has by its position; undefined for one that has none. */
function byPosition(code: string, shift: boolean): string | undefined {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code) ?? [];
  return letter ?? (shift ? undefined : digit) ?? POSITIONS[code]?.[shift ? 1 : 0];
}

/** The name of a key in a chord; several where a layout keeps digits on Shift, the likeliest first. */
function namesOf({ key, code, shiftKey }: KeyPress): readonly string[] {
  if (key === " ") return ["Space"];
  if (!isCharacter(key) && key !== "Dead") return [key];
  const position = byPosition(code, shiftKey);
  if (!isAscii(key) || key === "Dead") return position ? [position] : [];
  if (isLetter(key)) return [key.toUpperCase()];
  const digit = /^Digit/.test(code) && position !== key ? position : undefined;
  return digit ? [key, digit] : [key];
}

/**
 * The chords that a press may mean. What AltGr types is a character and no chord but for plain ASCII signs, which some layouts
 * keep there; nothing of an input method is one, and nothing with the Windows key, or Ctrl on a Mac.
 */
export function chordsOf(press: KeyPress, mac: boolean = onMac): readonly string[] {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = press;
  if (press.isComposing || ["Process", "Unidentified", "Control", "Shift", "Alt", "AltGraph", "Meta"].includes(key)) return [];
  if (press.getModifierState?.("AltGraph")) return isCharacter(key) && isAscii(key) && !/[a-z0-9]/i.test(key) ? [key] : [];
  const [command, other] = mac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (other) return [];
  return namesOf(press).map((name) => {
    // A sign has its Shift in itself: "?" is Shift+/ on some keyboards.
    const shift = shiftKey && (!isCharacter(name) || isLetter(name));
    return `${command ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
  });
}

const CHORD = /^(Ctrl\+)?(Alt\+)?(Shift\+)?([A-Z]|[!-~]|[A-Z][A-Za-z]+[0-9]{0,2}|F[0-9]{1,2})$/;

/** Whether a text, as from stored settings, is a chord as `chordsOf` gives them. */
export const isChord = (text: unknown): text is string => typeof text === "string" && CHORD.test(text) && !/[+][a-z]$/.test(text);

/** Whether Alt makes a character of it, or opens a menu of the browser. */
export const typesWithAlt = (chord: string): boolean => /(^|\+)Alt\+(Shift\+)?.$/.test(chord);

const NAMES: Readonly<Record<string, string>> = {
  Escape: "Esc",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** A chord as it is printed on keys: "⌘⇧Z" on a Mac. */
export function keyText(chord: string, mac: boolean = onMac): string {
  const at = chord.lastIndexOf("+", chord.length - 2) + 1; // the key may be "+" itself
  const key = chord.slice(at);
  const text = chord.slice(0, at) + (NAMES[key] ?? key);
  return mac ? text.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧") : text;
}
