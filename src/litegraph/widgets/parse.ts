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

export function stepOf({ step, min, max }: Param): number {
  if (step) return step;
  return min !== undefined && max !== undefined ? (max - min) / 100 : 1;
}
