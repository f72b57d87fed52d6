/** A Vite plugin: the module "virtual:schemas" is the schemas of the nodes under nodes/, as plain data (see src/schemas.d.ts). */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const NAME = "virtual:schemas";

/** @returns {import("vite").Plugin} */
export function schemas() {
  return {
    name: "schemas",
    resolveId: (source) => (source === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return;
      const { module, dependencies } = await runnerImport(`${root}nodes/index.ts`, {
        configFile: false,
        root,
        logLevel: "error",
      });
      for (const file of dependencies) this.addWatchFile(file);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(module.definitions))});`;
    },
  };
}
