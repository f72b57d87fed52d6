/**
 * Painted strokes and the text that stores them in a graph. The text is empty, or the format's number and one word a stroke:
 *
 *     1 b2.512.80.100.AIAFgAUQ f3.16.100.100.gAKAAg
 *
 * A stroke's word is its tool's letter (b brush, e eraser, f fill, l lasso) and class index, its size in sixteenths of a
 * low-resolution pixel, hardness and strength in percent, its points, and for a pen their pressures. Points are x and y in
 * sixteenths of a low-resolution pixel from the picture's top left corner, pressures 0 to 255; both as differences from the
 * one before, written as zigzag LEB128 numbers in base64url. A stroke of a hundred points takes some 400 characters.
 */
import { quoted } from "../quoted";
import { CLASSES } from "../types";

export const TOOLS = ["brush", "eraser", "fill", "lasso"] as const;
export type StrokeTool = (typeof TOOLS)[number];

export interface Stroke {
  readonly tool: StrokeTool;
  /** Index of the class that is painted; the eraser has none, and 0. */
  readonly label: number;
  /** Diameter of brush and eraser, in low-resolution pixels. */
  readonly size: number;
  /** 0 (soft to the middle) to 1 (a sharp edge); of brush and eraser. */
  readonly hardness: number;
  /** 0 to 1: how far what was there is replaced. */
  readonly strength: number;
  /** x and y in turn, in low-resolution pixels from the top left corner. Fill: one point; lasso: the corners. */
  readonly points: readonly number[];
  /** For each point, 0 to 1: how much of the size. Absent: all of it. */
  readonly pressures?: readonly number[];
}

/** Places are stored in this part of a low-resolution pixel. */
export const STEP = 1 / 16;
/** What a graph may store; more is refused. */
export const LIMITS = { characters: 2 ** 20, strokes: 4096, points: 2 ** 15, reach: 2 ** 16, size: 4096 } as const;

const FORMAT = "1";
const LETTERS: Readonly<Record<StrokeTool, string>> = { brush: "b", eraser: "e", fill: "f", lasso: "l" };
const WORD = /^([befl])([0-7])\.(\d{1,6})\.(\d{1,3})\.(\d{1,3})\.([\w-]+)(?:\.([\w-]+))?$/;
const LEAST_POINTS: Readonly<Record<StrokeTool, number>> = { brush: 1, eraser: 1, fill: 1, lasso: 3 };

/** The words of a text, one for each stroke: what two texts have in common is found by comparing them. */
export function strokeWords(text: string): string[] {
  if (text.length > LIMITS.characters)
    throw new Error(
      `the strokes take ${text.length} characters and at most ${LIMITS.characters} are read: paint with fewer, or over two nodes`,
    );
  const [format, ...words] = text.split(" ").filter(Boolean);
  if (format !== undefined && format !== FORMAT)
    throw new Error(
      `strokes of the format ${quoted(format, 40)} are unknown, and this reads format ${FORMAT}: clear them, or update`,
    );
  if (words.length > LIMITS.strokes)
    throw new Error(`there are ${words.length} strokes and at most ${LIMITS.strokes} are read: paint on in a second node`);
  return words;
}

/** One stroke's word; `index` of `count` is for the message. */
export function parseStroke(word: string, index = 0, count = 1): Stroke {
  const refuse = (what: string): never => {
    throw new Error(`stroke ${index + 1} of ${count} ${what}: undo it, or clear the strokes`);
  };
  const found = WORD.exec(word);
  if (!found) return refuse(`cannot be read (${quoted(word, 40)})`);
  const [, letter, label, size, hardness, strength, places, pens] = found as unknown as string[];
  const tool = TOOLS.find((name) => LETTERS[name] === letter)!;
  const numbers = decode(places!);
  if (!numbers || numbers.length % 2) return refuse("has points that cannot be read");
  const amount = numbers.length / 2;
  if (amount < LEAST_POINTS[tool] || amount > LIMITS.points || (tool === "fill" && amount !== 1))
    return refuse(`has ${amount} points, which no ${tool} has`);
  const points = sums(numbers, 2).map((value) => value * STEP);
  if (points.some((value) => Math.abs(value) > LIMITS.reach)) return refuse(`reaches further than ${LIMITS.reach} pixels`);
  if (Number(size) * STEP > LIMITS.size || Number(size) === 0)
    return refuse(`has the size ${Number(size) * STEP}, and sizes are above 0 and at most ${LIMITS.size}`);
  if (Number(hardness) > 100 || Number(strength) > 100) return refuse("is harder or stronger than 100 percent");
  const stroke = {
    tool,
    label: tool === "eraser" ? 0 : Number(label),
    size: Number(size) * STEP,
    hardness: Number(hardness) / 100,
    strength: Number(strength) / 100,
    points,
  };
  if (pens === undefined) return stroke;
  const pressures = sums(decode(pens) ?? [], 1).map((value) => value / 255);
  if (pressures.length !== amount || pressures.some((value) => !(value >= 0 && value <= 1)))
    return refuse("has pressures that do not fit its points");
  return { ...stroke, pressures };
}

/** A stroke as it is stored: places rounded to sixteenths of a pixel. Throws an error for what cannot be stored. */
export function formatStroke({ tool, label, size, hardness, strength, points, pressures }: Stroke): string {
  const sixteenths = (value: number) => Math.round(value / STEP);
  const to255 = (value: number) => Math.round(value * 255);
  const percent = (value: number) => Math.round(100 * Math.min(1, Math.max(0, value)));
  const parts = [
    `${LETTERS[tool]}${tool === "eraser" ? 0 : label}`,
    Math.max(1, Math.round(size / STEP)),
    percent(hardness),
    percent(strength),
    encode(differences(points.map(sixteenths), 2)),
  ];
  if (pressures) parts.push(encode(differences(pressures.map(to255), 1)));
  const word = parts.join(".");
  parseStroke(word);
  return word;
}

/** A stored text with one more stroke at its end. */
export const addStroke = (text: string, stroke: Stroke): string => `${text.trim() || FORMAT} ${formatStroke(stroke)}`;

/** How many words two texts have in common at their beginning. */
export function commonWords(a: readonly string[], b: readonly string[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

/** What a stroke is called, such as "paint sky", "fill water" or "erase". */
export const strokeName = ({ tool, label }: Stroke): string =>
  tool === "eraser" ? "erase" : `${tool === "fill" ? "fill" : tool === "lasso" ? "outline" : "paint"} ${CLASSES[label]}`;

const differences = (values: readonly number[], step: number) => values.map((value, i) => value - (values[i - step] ?? 0));

function sums(values: readonly number[], step: number): number[] {
  const all: number[] = [];
  for (const [i, value] of values.entries()) all.push(value + (all[i - step] ?? 0));
  return all;
}

/** Whole numbers as zigzag LEB128 in base64url, without padding. */
function encode(values: readonly number[]): string {
  let bytes = "";
  for (const value of values) {
    let rest = value >= 0 ? 2 * value : -2 * value - 1;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes += String.fromCharCode((rest % 128) | 128);
    bytes += String.fromCharCode(rest);
  }
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined where the text is not of whole numbers below 2^31. */
function decode(text: string): number[] | undefined {
  let bytes: string;
  try {
    bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const values: number[] = [];
  let [rest, unit] = [0, 1];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    rest += (byte & 127) * unit;
    if (rest >= 2 ** 32) return undefined;
    if (byte & 128) {
      unit *= 128;
      if (unit > 2 ** 35) return undefined;
      continue;
    }
    values.push(rest % 2 ? -(rest + 1) / 2 : rest / 2);
    [rest, unit] = [0, 1];
  }
  return unit === 1 ? values : undefined;
}
