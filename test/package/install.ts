/** The package as others get it: packed, and installed from the tarball into a folder of its own. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build, root } from "../built";

const execute = promisify(execFile);

/** npm without what the npm that started the tests told it. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name)));

export const npm = (folder: string, ...args: readonly string[]) =>
  execute("npm", [...args], { cwd: folder, env: environment(), shell: process.platform === "win32" });

interface Packed {
  readonly folder: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
}

/** Packs, installs, and returns the folder of a project that depends on the package. */
export async function install(): Promise<Packed> {
  await build();
  const folder = await mkdtemp(join(tmpdir(), "sftgan-package-"));
  const { stdout } = await npm(root, "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const wanted = [`./${filename}`, "litegraph.js@^0.7.18"];
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--fetch-retries=0"];
  await npm(folder, "install", ...options, ...wanted).catch((error: Error) => {
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ENETUNREACH/.test(error.message)) throw error;
    return unpack(folder, filename); // no registry to be had
  });
  return { folder, files: files.map(({ path }) => path) };
}

/** The tarball in its place, with its dependencies from the repository. */
async function unpack(folder: string, filename: string): Promise<void> {
  const place = join(folder, "node_modules/litegraph-sftgan");
  await mkdir(place, { recursive: true });
  await execute("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", place]);
  const { dependencies, bin } = JSON.parse(await readFile(join(place, "package.json"), "utf8")) as Record<
    "dependencies" | "bin",
    Record<string, string>
  >;
  for (const name of [...Object.keys(dependencies), "litegraph.js"]) {
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", name), link, "junction");
  }
  await mkdir(join(folder, "node_modules/.bin"));
  await symlink(join(place, bin.sftgan!), join(folder, "node_modules/.bin/sftgan"));
}
