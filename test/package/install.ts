/** The packages as others get them: packed, and installed from their tarballs into folders of their own. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../built";

const execute = promisify(execFile);
const PACKAGES = join(root, "dist/packages");

/** npm without what the npm that started the tests told it. */
const environment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name)));

export const npm = (folder: string, ...args: readonly string[]) =>
  execute("npm", [...args], { cwd: folder, env: environment(), shell: process.platform === "win32" });

/** Writes both packages; gives the paths of their tarballs. */
export async function pack(): Promise<{ readonly plugin: string; readonly commandLine: string }> {
  await execute(process.execPath, ["scripts/pack.mjs"], { cwd: root });
  const tarballs = (await readdir(PACKAGES)).filter((name) => name.endsWith(".tgz"));
  const of = (name: string) => join(PACKAGES, tarballs.find((tarball) => tarball.startsWith(`${name}-`) && /-\d/.test(tarball))!);
  return { plugin: of("litegraph-sftgan"), commandLine: of("sftgan") };
}

/** Paths in a tarball. */
export async function filesIn(tarball: string): Promise<string[]> {
  const { stdout } = await execute("tar", ["-tzf", tarball]);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((path) => path.replace(/^package\//, ""));
}

/** A new folder with a project that depends on these tarballs, and on packages of the registry. */
export async function install(tarballs: readonly string[], ...others: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sftgan-package-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  const options = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", "--fetch-retries=0"];
  await npm(folder, "install", ...options, ...tarballs, ...others).catch(async (error: Error) => {
    if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ENETUNREACH/.test(error.message)) throw error;
    for (const tarball of tarballs) await unpack(folder, tarball); // no registry to be had
  });
  return folder;
}

/** A tarball in its place, with its dependencies from the repository. */
async function unpack(folder: string, tarball: string): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), "sftgan-unpacked-"));
  await execute("tar", ["-xzf", tarball, "--strip-components=1", "-C", temporary]);
  const { name, dependencies, bin } = JSON.parse(await readFile(join(temporary, "package.json"), "utf8")) as {
    name: string;
    dependencies: Record<string, string>;
    bin?: Record<string, string>;
  };
  const place = (of: string) => join(folder, "node_modules", of);
  const link = async (from: string, to: string) => {
    await mkdir(dirname(to), { recursive: true });
    await symlink(from, to, "junction").catch(() => {}); // it is there already
  };
  await mkdir(place(name), { recursive: true });
  await execute("tar", ["-xzf", tarball, "--strip-components=1", "-C", place(name)]);
  for (const needed of [...Object.keys(dependencies), "litegraph.js"])
    if (needed !== "litegraph-sftgan") await link(join(root, "node_modules", needed), place(needed));
  for (const [command, path] of Object.entries(bin ?? {})) await link(join(place(name), path), place(join(".bin", command)));
}
