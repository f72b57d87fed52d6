/** The nodes that this process knows: those that ship, and those of modules that `--nodes` names. A graph names no module. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { definitions as ours } from "../../nodes";
import type { AnyNode } from "../graph/node";
import { UsageError } from "./failure";
import { readBytes } from "./files";
import type { Options } from "./usage";

const known = new Map(ours.map((def) => [def.type, def]));

export const definitions = (): readonly AnyNode[] => [...known.values()];
export const typeNamed = (type: string): AnyNode | undefined => known.get(type);

export const NODES_OPTION = {
  nodes: {
    value: "FILE",
    multiple: true,
    help: "adds the nodes of a JavaScript module, which is run: only one that you trust",
  },
} as const satisfies Options;

/**
 * Adds the nodes of JavaScript modules, by path; what they do is theirs. Call it before a graph is read. Throws UsageError where
 * one cannot be loaded or declares what cannot be used, and an error where a file is not there.
 */
export async function loadNodes(paths: readonly string[] = []): Promise<void> {
  if (paths.length === 0) return;
  const { nodesOf } = await import("../toolkit/module");
  for (const path of paths) {
    await readBytes(path); // says what is wrong with the path
    const module = await import(/* @vite-ignore */ pathToFileURL(resolve(path)).href).catch((error: unknown) => {
      throw new UsageError(
        `--nodes "${path}" cannot be loaded (${reasonOf(error)}): give a JavaScript module that imports nothing`,
      );
    });
    const made = await nodesOf(module, path, new Set(known.keys())).catch((error: Error) => {
      throw new UsageError(error.message);
    });
    for (const def of made) known.set(def.type, def);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message.split("\n")[0]! : String(error));
