/** What a take is called until somebody calls it something else: by the priors it hangs on. */
import type { Param } from "../../graph/node";
import { cleanFile } from "../../graph/param";
import { LONGEST_NAME, type Recipe, type RecipeNode } from "../../graph/takes";
import { paramEntries, socketEntries } from "../catalog";
import type { Definitions } from "../layers";
import { priorsOf } from "./results";

/** A node with more numbers than this is not told apart by the first. */
const MOST_NUMBERS = 2;

/** "plant", "Mix 0.35", "Segment + Depth"; undefined where there is no prior. */
export function nameOf({ nodes, result }: Recipe, definitions: Definitions): string | undefined {
  const names = priorsOf(nodes, result, definitions).map(([entry]) => priorName(nodes[entry]!, definitions));
  return names.length ? [...new Set(names)].slice(0, 3).join(" + ") : undefined;
}

/** By its own title, or by its type and what it is set to. */
function priorName({ type, title, properties, inputs }: RecipeNode, definitions: Definitions): string {
  const def = definitions(type);
  if (!def || (title && title !== def.title)) return title || type;
  const word = def.title.replace(/(?<=.)( to)? Priors?$/, "");
  const params = paramEntries(def.params).filter(([name]) => !Object.hasOwn(inputs, name));
  const [first] = params;
  if (!first) return word;
  const value = settingOf(first[1], properties[first[0]]);
  if (value === undefined) return word;
  if (first[1].kind === "file" || (first[1].kind === "choice" && params.length === 1)) return value;
  if (first[1].kind !== "number") return `${word} ${value}`;
  const changesPriors = socketEntries(def.inputs).some(([, { type }]) => type === "prior"); // its number says how much
  const numbers = params.filter(([, { kind }]) => kind === "number").length;
  return changesPriors && numbers <= MOST_NUMBERS ? `${word} ${value}` : word;
}

function settingOf(param: Param, value: unknown): string | undefined {
  if (param.kind === "file") return cleanFile(value)?.name.replace(/\.[^.]+$/, "");
  if (param.kind === "number" && typeof value === "number") return String(Number(value.toFixed(3)));
  return param.kind === "choice" && typeof value === "string" ? value : undefined;
}

/** `name`, or "name 2" and so on where it is taken; upper and lower case do not tell names apart. */
export function unusedName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((one) => one.toLowerCase()));
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? "" : ` ${count}`;
    const tried = name.slice(0, LONGEST_NAME - suffix.length).trimEnd() + suffix;
    if (!used.has(tried.toLowerCase())) return tried;
  }
}
