/** A Vite plugin: the module "virtual:schemas" is the schemas of the nodes under nodes/, as plain data (see src/schemas.d.ts). */
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const own = fileURLToPath(new URL("..", import.meta.url));
const NAME = "virtual:schemas";

/** @returns {import("vite").Plugin} */
export function schemas() {
  let [root, preserveSymlinks] = [own, false];
  return {
    name: "schemas",
    configResolved(config) {
      preserveSymlinks = config.resolve.preserveSymlinks;
      root = preserveSymlinks ? `${config.root}/` : own; // see plain-path.mjs
    },
    resolveId: (source) => (source === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return;
      const { module, dependencies } = await runnerImport(`${root}nodes/index.ts`, {
        configFile: false,
        root,
        resolve: { preserveSymlinks },
        logLevel: "error",
      });
      for (const file of dependencies) this.addWatchFile(file);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(module.definitions))});`;
    },
  };
}
