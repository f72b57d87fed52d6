/** Which files a graph may name. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { sha256 } from "../../src/graph/file";
import { workOf } from "../../src/headless/graph-file";
import { type Folders, placesOf } from "../../src/headless/places";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sftgan-places-"));
  for (const folder of ["graph/inner", "graph/other", "allowed", "secret"]) await mkdir(join(root, folder), { recursive: true });
  for (const name of ["graph/a.png", "graph/inner/b.png", "allowed/c.png", "secret/key.png"])
    await writeFile(join(root, name), name);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const text = async (
  name: string,
  { allowed = [], ...more }: Partial<Folders> & { named?: Map<string, string>; sha256?: string } = {},
) => {
  const { file } = workOf(cleanGraph({ nodes: [] }), { folder: join(root, "graph"), allowed, ...more });
  return new TextDecoder().decode(await file({ name, ...(more.sha256 && { sha256: more.sha256 }) }));
};
const ELSEWHERE = "a graph may name only files in its own folder: give the file by --set, or allow its folder by --allow-files";

describe("A file that a graph names", () => {
  it("lies beside the graph, or in a folder inside that one", async () => {
    expect(await text("a.png")).toBe("graph/a.png");
    expect(await text("inner/b.png")).toBe("graph/inner/b.png");
    expect(await text("./inner/./b.png")).toBe("graph/inner/b.png");
  });

  it("lies nowhere else, whatever its name", async () => {
    const names = [
      "/etc/hosts",
      join(root, "secret/key.png"),
      "../secret/key.png",
      "inner/../../secret/key.png",
      "..",
      "inner/..",
    ];
    const windows = [
      "C:\\Users\\a.png",
      "C:a.png",
      "\\\\host\\share\\a.png",
      "//host/share/a.png",
      "\\a.png",
      "..\\secret\\key.png",
    ];
    for (const name of [...names, ...windows]) await expect(text(name), name).rejects.toThrow(ELSEWHERE);
    await expect(text("\\\\host\\share\\in\\a.png")).rejects.toThrow('--allow-files "\\\\host\\share\\in"');
  });

  it("is no device or stream where names alone make them", () => {
    for (const name of ["CON", "nul.png", "inner/Com1.png", "aux:x", "a.png:stream", "LPT¹", "CONIN$"]) {
      expect(() => placesOf(name, { folder: root }, "win32"), name).toThrow(ELSEWHERE);
      expect(placesOf(name, { folder: root }, "linux")).toEqual([join(root, name)]);
    }
    expect(placesOf("console.png", { folder: root }, "win32")).toEqual([join(root, "console.png")]);
  });

  it("lies in a folder that is allowed, by its name there or by its path", async () => {
    const allowed = [join(root, "allowed")];
    expect(await text("c.png", { allowed })).toBe("allowed/c.png");
    expect(await text(join(root, "allowed/c.png"), { allowed })).toBe("allowed/c.png");
    expect(await text("../allowed/c.png", { allowed })).toBe("allowed/c.png");
    await expect(text(join(root, "allowed/../secret/key.png"), { allowed })).rejects.toThrow(ELSEWHERE);
    await expect(text(`${join(root, "allowed")}-not/c.png`, { allowed })).rejects.toThrow(ELSEWHERE);
  });

  it("is one that the user named, wherever that lies, where it has the content", async () => {
    const hash = await sha256("secret/key.png");
    const named = new Map([[hash, join(root, "secret/key.png")]]);
    expect(await text("/any/name.png", { named, sha256: hash })).toBe("secret/key.png");
    await expect(text("/any/name.png", { named })).rejects.toThrow(ELSEWHERE);
  });

  it.skipIf(process.platform === "win32")("may be a link inside the folders, and none that leads out of them", async () => {
    await symlink("a.png", join(root, "graph/inside.png")).catch(() => {});
    await symlink("inner", join(root, "graph/linked"));
    await symlink(join(root, "secret/key.png"), join(root, "graph/outside.png"));
    await symlink(join(root, "secret"), join(root, "graph/away"));
    await symlink(join(root, "nowhere"), join(root, "graph/dangling.png"));
    expect(await text("linked/b.png")).toBe("graph/inner/b.png");
    for (const name of ["outside.png", "away/key.png"]) {
      await expect(text(name), name).rejects.toThrow(
        "is a link that leads out of the graph's folder: give the file by --set, or",
      );
      expect(await text(name, { allowed: [join(root, "secret")] })).toBe("secret/key.png");
    }
    await expect(text("dangling.png")).rejects.toThrow('the file "dangling.png" is not here');
  });

  it.skipIf(process.platform === "win32")("is a regular file: a pipe or a device is not opened", { timeout: 5000 }, async () => {
    execFileSync("mkfifo", [join(root, "graph/pipe.png")]);
    await expect(text("pipe.png")).rejects.toThrow("is a pipe or a device and no regular file");
    await expect(text("inner")).rejects.toThrow("is a folder: give a file");
  });
});
