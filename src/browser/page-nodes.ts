/** The nodes that a page has loaded from modules of its own, for every engine on it. */
import type { AnySchema } from "../graph/node";
import { createEngine } from "./client";
import { addressOf, type EngineOptions } from "./options";
import type { Engine } from "./protocol";

/** Addresses, and what the modules there declare. */
let urls: readonly string[] = [];
let schemas: readonly AnySchema[] = [];
/** The engine that has loaded them, for the first graph that needs one; closed where that wants another. */
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

/** An engine with the page's nodes, unless `options` names others. */
export function engineFor(options: EngineOptions): Engine & Disposable {
  const waiting = spare;
  spare = undefined;
  if (waiting && options.nodes === undefined && waiting.options === textOf(options)) return waiting.engine;
  waiting?.engine.close();
  return createEngine({ ...options, nodes: options.nodes ?? urls });
}

/**
 * Loads nodes from JavaScript modules at these addresses, relative to the page. They are imported where the engine computes;
 * the page is given what they say of themselves, and `register` adds them. Call it before that and `attach`; what is loaded
 * later is there once `register` is called again, which makes nodes of their placeholders, and the graph attached again.
 * `options` are best those of `attach`. Calls at once are done one after another. Rejects with an error that names a module that cannot be loaded, or declares what cannot be used; none of these is added then.
 */
export function loadNodes(modules: readonly (string | URL)[], options: EngineOptions = {}): Promise<readonly AnySchema[]> {
  const loaded = before.then(() => load(modules, options));
  before = loaded.catch(() => {});
  return loaded;
}

let before: Promise<unknown> = Promise.resolve();

async function load(modules: readonly (string | URL)[], options: EngineOptions): Promise<readonly AnySchema[]> {
  const wanted = [...new Set([...urls, ...modules.map((url) => addressOf(url, "a module"))])];
  const engine = createEngine({ ...options, nodes: wanted });
  try {
    schemas = await engine.nodes();
  } catch (error) {
    engine.close();
    throw error;
  }
  urls = wanted;
  spare?.engine.close();
  spare = { engine, options: textOf(options) };
  return schemas;
}
