/** JSON of unknown content: what it is, and how a message shows it. */
import { visible } from "../quoted";

export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value in a message: on one line, cut where it is long. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  let text: string;
  try {
    text = typeof value === "number" ? String(value) : String(JSON.stringify(value));
  } catch {
    text = "a value nested too deep to show";
  }
  return visible(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
