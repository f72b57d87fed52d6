/** What is wrong with a node definition that nobody has compiled with ours: a message, before anything relies on it. */
import { isRecord, type Json, shown } from "../graph/json";
import type { Param } from "../graph/node";
import { checkParam } from "../graph/param";

/** litegraph's menus write names into the page as HTML, and objects of names have a prototype. */
const isName = (name: string) => /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,59}$/u.test(name) && !(name in {});
const isType = (type: unknown) => typeof type === "string" && /^[\w-]+(\/[\w.-]+)+$/.test(type) && type.length <= 100;
const isText = (value: unknown): value is string => typeof value === "string" && /\S/.test(value);

const KINDS: readonly unknown[] = ["number", "choice", "flag", "text", "file"] satisfies Param["kind"][];

/** The first thing that is wrong with `def`; undefined if nothing is. `taken` are types that others have declared. */
export function problemOf(def: unknown, taken: ReadonlySet<string>): string | undefined {
  if (!isRecord(def)) return `it is ${shown(def)}: give what defineNode returns`;
  const { type, title, description, inputs, params, outputs, sink, run } = def;
  if (!isType(type)) return `its type is ${shown(type)}: write a name of yours and the node's, such as "my-nodes/gamma"`;
  const problem = (what: string) => `${type}: ${what}`;
  if (/^sftgan\//.test(type as string)) return problem('names that begin with "sftgan/" are the plugin\'s: choose another');
  if (taken.has(type as string)) return problem("another node has this type: choose another");
  for (const [field, value] of Object.entries({ title, description }))
    if (!isText(value)) return problem(`its ${field} is ${shown(value)}: write some text`);
  if (typeof run !== "function") return problem("it has no function run: write what it computes");
  if (sink !== undefined && sink !== "always" && sink !== "on demand")
    return problem(`its sink is ${shown(sink)}: "always", "on demand", or none`);
  for (const [list, value] of Object.entries({ inputs, params, outputs }))
    if (!isRecord(value)) return problem(`its ${list} are ${shown(value)}: write an object, {} for none`);
  if (Object.keys(outputs as Json).length === 0) return problem("it has no output: declare at least one");
  for (const list of [inputs, outputs] as Json[])
    for (const [name, socket] of Object.entries(list)) {
      const wrong = socketProblem(name, socket);
      if (wrong) return problem(wrong);
    }
  for (const [name, param] of Object.entries(params as Json)) {
    if (Object.hasOwn(inputs as Json, name)) return problem(`${shown(name)} is an input and a parameter: rename one`);
    const wrong = paramProblem(name, param);
    if (wrong) return problem(wrong);
  }
  return undefined;
}

const badName = (name: string) => `the name ${shown(name)} cannot be used: letters, digits, "_", "-", "." and spaces can`;

function socketProblem(name: string, socket: unknown): string | undefined {
  if (!isName(name)) return badName(name);
  if (!isRecord(socket) || typeof socket.type !== "string" || !isName(socket.type))
    return `its socket "${name}" has no type: make it with image("…"), number("…") and the like`;
  if (!isText(socket.help)) return `its socket "${name}" does not say what flows through it: write its help`;
  if (socket.shipped !== undefined) return `its socket "${name}" asks for weights that ship: make it optional, or needed`;
  return undefined;
}

function paramProblem(name: string, param: unknown): string | undefined {
  if (!isName(name)) return badName(name);
  const own = `its parameter "${name}"`;
  if (!isRecord(param) || !KINDS.includes(param.kind)) return `${own} has no kind: make it with number({ … }) and the like`;
  if (!isText(param.help)) return `${own} does not say what it does: write its help`;
  if (param.editor !== undefined || param.bins !== undefined)
    return `${own} asks for an editor of the plugin's own nodes: leave out editor and bins`;
  for (const field of ["min", "max", "step"])
    if (param[field] !== undefined && !Number.isFinite(param[field])) return `${own} has a ${field} that is no number`;
  if (param.unit !== undefined && typeof param.unit !== "string") return `${own} has a unit that is no text`;
  if (param.accept !== undefined && typeof param.accept !== "string") return `${own} has an accept that is no text`;
  if (param.kind === "choice" && !(Array.isArray(param.choices) && param.choices.length > 0 && param.choices.every(isText)))
    return `${own} has no choices: list some texts`;
  const value = checkParam("its default", param as unknown as Param, param.default);
  return value && `${own}: ${value}`;
}
