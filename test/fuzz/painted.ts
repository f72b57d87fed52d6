/** Texts that stand in a graph's parameters: painted strokes, picks of regions, classes of depth bins. */
import fc from "fast-check";
import { edgesOf, planesOf } from "../../src/prior/depth-bins";
import { formatPicks, parsePicks } from "../../src/prior/picks";
import { formatStrokes, parseStrokes } from "../prior/stroke-text";
import { text } from "./json";
import { checkRefusal, type Kind, same } from "./kind";

const points = fc
  .uint8Array({ maxLength: 30 })
  .map((bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (c) => ({ "+": "-", "/": "_" })[c] ?? ""));
const amount = fc.oneof(fc.nat(100), fc.nat(1e7));
const word = fc.oneof(
  fc
    .tuple(fc.constantFrom("b", "e", "f", "l", "x"), fc.nat(9), amount, amount, amount, points)
    .map(([tool, label, ...rest]) => `${tool}${label}.${rest.join(".")}`),
  fc
    .tuple(fc.constantFrom("b", "e"), fc.nat(7), fc.nat(900), fc.nat(100), fc.nat(100), points, points)
    .map(([tool, label, ...rest]) => `${tool}${label}.${rest.join(".")}`),
  fc
    .tuple(fc.constantFrom("grass", "predicted", "none", "x"), amount, fc.nat(9999))
    .map(([choice, x, y]) => `${choice}@${x / 4},${y / 4}`),
  fc.constantFrom("plant", "sky,", "0.5", ",", "1e9", "background", "5"),
  text,
);

export const painted: Kind<string> = {
  name: "painted",
  ending: "txt",
  inputs: fc.oneof(
    fc.array(word, { maxLength: 8 }).map((words) => ["1", ...words].join(" ")),
    fc.tuple(word).map((words) => ["1", ...words].join(" ")),
    fc.array(word, { maxLength: 8 }).map((words) => words.join(",")),
    fc.tuple(word, fc.nat(5000)).map(([one, times]) => `1${` ${one}`.repeat(times)}`),
  ),
  check(input) {
    const attempt = (read: () => void) => {
      try {
        read();
      } catch (error) {
        checkRefusal(error, undefined);
      }
    };
    attempt(() => {
      const strokes = parseStrokes(input);
      same(parseStrokes(formatStrokes(strokes)), strokes, "strokes written and read again differ");
    });
    attempt(() => {
      const picks = parsePicks(input);
      same(parsePicks(formatPicks(picks)), picks, "picks written and read again differ");
    });
    attempt(() => planesOf(input));
    attempt(() => edgesOf(input));
  },
};
