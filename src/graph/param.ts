/** Values of parameters: what is wrong with one, and what may feed one. */
import { isRecord, shown } from "./json";
import type { FileRef, Param } from "./node";

/** What is wrong with a value for a parameter, as a message; undefined if nothing is. */
export function checkParam(name: string, param: Param, value: unknown): string | undefined {
  switch (param.kind) {
    case "number": {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, step } = param;
      const unit = param.unit ? ` ${param.unit}` : "";
      if (typeof value !== "number" || !Number.isFinite(value)) return `${name} is ${shown(value)}: it must be a number`;
      if (value < min) return `${name} is ${value}${unit}: it must be at least ${min}${unit}`;
      if (value > max) return `${name} is ${value}${unit}: it must be at most ${max}${unit}`;
      if (step && Number.isInteger(step) && Number.isInteger(param.default) && !Number.isInteger(value))
        return `${name} is ${value}: it must be a whole number`;
      return undefined;
    }
    case "choice":
      return param.choices?.includes(value as string)
        ? undefined
        : `${name} is ${shown(value)}: choose one of ${param.choices?.join(", ")}`;
    case "flag":
      return typeof value === "boolean" ? undefined : `${name} is ${shown(value)}: it must be true or false`;
    case "text":
      return typeof value === "string" ? undefined : `${name} is ${shown(value)}: it must be text`;
    case "file":
      return value === null || cleanFile(value) ? undefined : `${name} is ${shown(value)}: choose a file`;
  }
}

/** A file parameter's value; a bare string is a name. Undefined if it is neither. */
export function cleanFile(value: unknown): FileRef | null | undefined {
  if (value === null) return null;
  if (typeof value === "string") return value === "" ? undefined : { name: value };
  if (!isRecord(value) || typeof value.name !== "string" || value.name === "") return undefined;
  const { name, sha256, data } = value;
  if (sha256 !== undefined && !(typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256))) return undefined;
  if (data !== undefined && typeof data !== "string") return undefined;
  return { name, ...(sha256 && { sha256 }), ...(data && { data }) } as FileRef;
}

/** The value in a graph that does not store it. */
export const valueWhereNotStored = (param: Param): unknown => ("legacyDefault" in param ? param.legacyDefault : param.default);

/** The socket type that feeds a parameter; undefined for those that cannot be fed. */
export const paramType = (param: Param): "number" | "text" | undefined =>
  param.kind === "number" ? "number" : param.kind === "text" || param.kind === "choice" ? "text" : undefined;
