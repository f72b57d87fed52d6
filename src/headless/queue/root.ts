/** The folder that all machines of a batch see, each maybe by another path. Nothing outside of it is read or written. */
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UsageError } from "../failure";
import { isInside, staysInside } from "../places";

export class Root {
  private readonly known = new Map<string, Promise<string>>();

  private constructor(
    /** As it was given. */
    readonly path: string,
    private readonly real: string,
  ) {}

  /** Throws UsageError where it is no folder. */
  static async open(path: string): Promise<Root> {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory())
      throw new UsageError(`--root "${path}" is no folder: give the folder that the pictures and their results lie in`);
    return new Root(resolve(path), await realpath(path));
  }

  /** A file's way from the root. Throws UsageError where it lies elsewhere. Links in the last part are for the worker to refuse. */
  async way(file: string): Promise<string> {
    const folder = dirname(resolve(file));
    const at = this.known.get(folder) ?? realOf(folder);
    this.known.set(folder, at);
    const way = relative(this.real, join(await at, resolve(file).slice(folder.length)));
    if (way !== "" && !isAbsolute(way) && way.split(sep)[0] !== "..") return way.split(sep).join("/");
    throw new UsageError(
      `"${file}" lies outside of the root "${this.path}": give as --root a folder that holds all pictures and OUT`,
    );
  }

  /** A path in the root for a job's way. Throws an error where the way leads out of it, links included. */
  async inside(way: string): Promise<string> {
    if (!staysInside(way, process.platform)) throw new Error(`"${way}" leads out of the root: a job names files in it only`);
    const path = join(this.path, way);
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    const real = isThere ? await realpath(path).catch(() => "") : await realOf(path);
    if (isInside(real, this.real)) return path;
    throw new Error(`"${way}" is a link that leads out of the root: a job names files in it only`);
  }

  /**
   * Whether the nearest folder on a folder's way that is there has something in it, up to the root itself. Where it has not, it
   * is the root that this machine does not see, or a part of it: where a disk is not mounted, there is an empty folder.
   */
  async sees(folder: string): Promise<boolean> {
    const inside = await readdir(join(this.path, folder)).catch(() => undefined);
    if (inside) return inside.length > 0;
    return folder !== dirname(folder) && this.sees(dirname(folder));
  }

  /** A message with ways in place of this machine's paths. */
  unrooted(message: string): string {
    const roots = [this.path, this.real].filter((path) => path !== dirname(path));
    return roots.reduce((text, path) => text.replaceAll(path + sep, ""), message);
  }
}

/** Where a path leads, as far as it is there; the rest as it is written. */
async function realOf(path: string): Promise<string> {
  const rest: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(await realpath(at), ...rest.reverse());
    } catch {
      if (at === dirname(at)) return path;
      rest.push(at.slice(dirname(at).length).replace(/^[/\\]/, ""));
    }
  }
}
