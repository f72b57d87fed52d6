/** The nodes that a page has loaded from modules of its own, for every engine on it. */
import type { AnySchema } from "../graph/node";
import { createEngine } from "./client";
import { addressOf, type EngineOptions } from "./options";
import { DISPOSE, type Engine } from "./protocol";

/** Addresses, and what the modules there declare. */
let urls: readonly string[] = [];
let schemas: readonly AnySchema[] = [];
/** The page's engines, which are told of nodes that are loaded later. */
const engines = new Set<Engine>();
/** The one that has loaded the first, for the first graph that needs one; closed where that wants another. */
let spare: { readonly engine: Engine & Disposable; readonly options: string } | undefined;

/** What the page's modules declare, so far. */
export const pageSchemas = (): readonly AnySchema[] => schemas;

const textOf = ({ nodes: _, workerUrl, assetBase, ...rest }: EngineOptions): string =>
  JSON.stringify([
    workerUrl?.toString(),
    assetBase?.toString(),
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .sort(),
  ]);

/** An engine with the page's nodes, those that are loaded later included. */
function made(options: EngineOptions): Engine & Disposable {
  const engine = createEngine({ ...options, nodes: urls });
  const close = (): void => {
    engines.delete(engine);
    engine.close();
  };
  const whole = { ...engine, close, [DISPOSE]: close };
  engines.add(engine);
  return whole;
}

/** An engine with the page's nodes, unless `options` names others. */
export function engineFor(options: EngineOptions): Engine & Disposable {
  const waiting = spare;
  spare = undefined;
  if (waiting && options.nodes === undefined && waiting.options === textOf(options)) return waiting.engine;
  waiting?.engine.close();
  return options.nodes ? createEngine(options) : made(options);
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Loads nodes from JavaScript modules at these addresses, relative to the page. They are imported where the engine computes;
 * the page is given what they say of themselves, and `register` adds them. Call it before that; where it is called later,
 * `register` called again makes nodes of their placeholders, and graphs that are attached run them. `options` are best those of
 * `attach`. Calls at once are done one after another. Rejects with an error that names a module that cannot be loaded, or
 * declares what cannot be used; none of these is added then.
 */
export function loadNodes(modules: readonly (string | URL)[], options: EngineOptions = {}): Promise<readonly AnySchema[]> {
  const loaded = before.then(() => load(modules, options));
  before = loaded.catch(() => {});
  return loaded;
}

async function load(modules: readonly (string | URL)[], options: EngineOptions): Promise<readonly AnySchema[]> {
  const more = [...new Set(modules.map((url) => addressOf(url, "a module")))].filter((url) => !urls.includes(url));
  const first = engines.size === 0 ? made(options) : undefined;
  try {
    for (const engine of engines) await engine.addNodes(more);
    schemas = await [...engines][0]!.nodes();
  } catch (error) {
    first?.close();
    throw error;
  }
  urls = [...urls, ...more];
  if (first) spare = { engine: first, options: textOf(options) };
  return schemas;
}
