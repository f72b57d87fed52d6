/**
 * What was chosen for single regions of a picture, and the text that stores it in a graph. The text is empty, or the format's
 * number and one word a region, in the order they were chosen:
 *
 *     1 grass@12.25,40.5 predicted@3,5
 *
 * A word is a choice and a place in the region, x and y in low-resolution pixels from the picture's top left corner.
 */
import { quoted } from "../quoted";
import { CHOICES, type Choice } from "./contact-sheet";

export interface RegionPick {
  readonly choice: Choice;
  readonly x: number;
  readonly y: number;
}

/** What a graph may store; more is refused. */
export const PICK_LIMITS = { characters: 2 ** 14, picks: 256 } as const;

const FORMAT = "1";
const WORD = /^([a-z]+)@(\d{1,5}(?:\.\d{1,2})?),(\d{1,5}(?:\.\d{1,2})?)$/;

/** The picks of a stored text. Throws an error that names the first that cannot be read. */
export function parsePicks(text: string): RegionPick[] {
  if (text.length > PICK_LIMITS.characters)
    throw new Error(
      `the regions take ${text.length} characters and at most ${PICK_LIMITS.characters} are read: clear them on the contact sheet`,
    );
  const [format, ...words] = text.split(" ").filter(Boolean);
  if (format !== undefined && format !== FORMAT)
    throw new Error(
      `regions of the format ${quoted(format, 40)} are unknown, and this reads format ${FORMAT}: clear them, or update`,
    );
  if (words.length > PICK_LIMITS.picks)
    throw new Error(
      `there are ${words.length} regions and at most ${PICK_LIMITS.picks} are read: clear some on the contact sheet`,
    );
  return words.map((word, i) => {
    const [, name, x, y] = WORD.exec(word) ?? [];
    const choice = CHOICES.find((one) => one === name);
    if (!choice)
      throw new Error(
        `region ${i + 1} of ${words.length} cannot be read (${quoted(word, 40)}): undo it, or clear the regions on the contact sheet`,
      );
    return { choice, x: Number(x), y: Number(y) };
  });
}

/** The text of picks: places cut to hundredths of a pixel. */
export const formatPicks = (picks: readonly RegionPick[]): string =>
  picks.length ? [FORMAT, ...picks.map(({ choice, x, y }) => `${choice}@${hundredths(x)},${hundredths(y)}`)].join(" ") : "";

/** Cut and not rounded, so that a place stays inside what it lies in. */
const hundredths = (value: number) => Math.max(0, Math.floor(100 * value) / 100);
