/** A Vite plugin: the built page has the ready graphs as files, for addresses such as ?app=graphs/paint-prior.json. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../graphs/", import.meta.url));

/** @returns {import("vite").Plugin} */
export function graphFiles() {
  return {
    name: "graph-files",
    apply: "build",
    generateBundle() {
      for (const name of readdirSync(folder).filter((name) => name.endsWith(".json")))
        this.emitFile({
          type: "asset",
          fileName: `graphs/${name}`,
          source: JSON.stringify(JSON.parse(readFileSync(folder + name, "utf8"))),
        });
    },
  };
}
