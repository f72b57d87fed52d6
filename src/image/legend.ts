/** What numbers a picture's colours are said to stand for, and the words of it. No tensors, so that a page may draw it. */
import type { ColourBar, ColourMap } from "../plain-types";

/** So much of the range is rounding, and not beyond it. */
const ROUNDING = 1e-6;

/** The legend of numbers that go from `min` to `max`, coloured from `low` to `high`. */
export function colourBar(
  map: ColourMap,
  label: string,
  { low, high }: { readonly low: number; readonly high: number },
  { min, max }: { readonly min: number; readonly max: number },
): ColourBar {
  const slack = ROUNDING * (high - low);
  return { kind: "bar", map, label, low, high, below: min < low - slack, above: max > high + slack };
}

/** A number beside a colour bar, and where along it, 0 to 1. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** The ends and the middle of a bar; one tick where the range is one number. "≤" and "≥" where values lie beyond an end. */
export function ticksOf({ low, high, below, above }: ColourBar): Tick[] {
  if (!(low < high)) return [{ at: 0.5, text: numberText(low, Math.abs(low)) }];
  const text = (value: number) => numberText(value, high - low);
  return [
    { at: 0, text: `${below ? "≤ " : ""}${text(low)}` },
    { at: 0.5, text: text((low + high) / 2) },
    { at: 1, text: `${above ? "≥ " : ""}${text(high)}` },
  ];
}

/** A number with as many digits as tell it apart within `span`. */
function numberText(value: number, span: number): string {
  const size = Math.max(span, Math.abs(value));
  if (value === 0 || size === 0) return "0";
  const plain = size >= 1e-3 && size < 1e6;
  const digits = Math.min(12, Math.max(0, 3 - Math.floor(Math.log10(span || size))));
  return (plain ? String(Number(value.toFixed(digits))) : value.toExponential(2)).replaceAll("-", "−");
}

/** A legend in one sentence, for tooltips and screen readers. */
export function legendText(bar: ColourBar): string {
  const ticks = ticksOf(bar);
  return `${bar.label}: ${ticks.length > 1 ? `${ticks[0]!.text} to ${ticks.at(-1)!.text}` : ticks[0]!.text}`;
}
