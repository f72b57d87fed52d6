/** What a person types into a node, read strictly: never evaluated, and refused with a message. */
import type { Param } from "../../graph/node";
import { checkParam } from "../../graph/param";

export type Typed<T> = { readonly value: T } | { readonly error: string };

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

const range = ({ min, max, unit = "" }: Param): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}${unit && ` ${unit}`}`;
  if (min !== undefined) return ` from ${min}${unit && ` ${unit}`} up`;
  return max === undefined ? "" : ` up to ${max}${unit && ` ${unit}`}`;
};

/** A decimal number in the parameter's range; its unit may follow. */
export function readNumber(name: string, param: Param, typed: string): Typed<number> {
  let text = typed.trim();
  if (param.unit && text.endsWith(param.unit)) text = text.slice(0, -param.unit.length).trim();
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) {
    const shown = typed.length > 30 ? `${typed.slice(0, 29)}…` : typed;
    return { error: `"${shown}" is not a number: ${name} takes a number${range(param)}` };
  }
  const error = checkParam(name, param, value);
  return error === undefined ? { value } : { error };
}

/** The nearest value on the parameter's grid and in its range. */
export function snap(param: Param, value: number): number {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = param;
  const step = stepOf(param);
  const origin = Number.isFinite(min) ? min : 0;
  const onGrid = origin + Math.round((value - origin) / step) * step;
  const digits = Math.max(0, Math.ceil(-Math.log10(step)) + 1);
  return Math.min(max, Math.max(min, Number(onGrid.toFixed(Math.min(12, digits)))));
}

/** Pixels of a drag for one step: no fewer, or hands miss it; no more, or few steps take a long way. */
const PER_STEP = { least: 4, most: 12 };
/** A drag over so many pixels goes from one end of the range to the other. */
const WHOLE_RANGE = 240;

/**
 * Steps for a drag over so many pixels, of a range of `steps`: single ones at first, so that any value can be met, and, where there
 * are many, ever more to either side, so that any can be reached.
 */
export function draggedSteps(distance: number, steps: number): number {
  const far = Math.abs(distance);
  const single = far / Math.min(PER_STEP.most, Math.max(PER_STEP.least, WHOLE_RANGE / steps));
  const rest = Math.max(0, steps - WHOLE_RANGE / PER_STEP.least);
  return Math.sign(distance) * Math.round(single + rest * Math.min(1, far / WHOLE_RANGE) ** 3);
}

export function stepOf({ step, min, max }: Param): number {
  if (step) return step;
  return min !== undefined && max !== undefined ? (max - min) / 100 : 1;
}
