/** The graphs that come with the package, by name: "graph:sft-gan" stands wherever a graph file does. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE } from "./assets";
import { UsageError } from "./failure";

const PREFIX = "graph:";
const FOLDER = join(PACKAGE, "graphs");

/** The names without "graph:". */
const names = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();

/** The path of a graph: as given, or of the ready graph it names. Throws UsageError, with the names there are, for another. */
export function graphPath(given: string): string {
  if (!given.startsWith(PREFIX)) return given;
  const name = given.slice(PREFIX.length);
  const all = names();
  if (all.includes(name)) return join(FOLDER, `${name}.json`);
  throw new UsageError(`there is no ready graph "${given}": choose one of ${all.map((known) => PREFIX + known).join(", ")}`);
}

/** For help. */
export const readyGraphsText = (): string => `Ready graphs, by name as ${PREFIX}NAME: ${names().join(", ")}.`;
