/** Writing whole files. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeParts, tryWriting, writeWhole } from "../../src/headless/write";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-write-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const absent = async () => false;
const there = async () => true;

describe("writeWhole", () => {
  it("makes the folders a file lies in, and leaves nothing beside it", async () => {
    const path = join(folder, "a/b/c/file.txt");
    await writeWhole(path, "first", absent);
    await writeWhole(path, "second", there);
    expect(await readFile(path, "utf8")).toBe("second");
    expect(await readdir(join(folder, "a/b/c"))).toEqual(["file.txt"]);
  });

  it("makes one folder for several files at once", async () => {
    await Promise.all(["x", "y", "z"].map((name) => writeWhole(join(folder, "new/deep", name), name, absent)));
    expect((await readdir(join(folder, "new/deep"))).sort()).toEqual(["x", "y", "z"]);
  });

  it("says that a folder's place is taken by a file, or by a link that leads nowhere", async () => {
    await writeFile(join(folder, "taken"), "");
    await symlink(join(folder, "nowhere"), join(folder, "dangling"));
    for (const name of ["taken", "dangling"])
      await expect(writeWhole(join(folder, name, "deep/file.txt"), "", absent)).rejects.toThrow(
        `"${join(folder, name)}" is a file where a folder is needed: choose another place`,
      );
  });

  it.runIf(process.platform === "linux")("ends where the file system takes no folders", { timeout: 5000 }, async () => {
    await expect(writeWhole("/proc/sftgan/deep/file.png", "", absent)).rejects.toThrow(
      '"/proc/sftgan" cannot be made, for what it lies in takes no folders: choose another place',
    );
  });

  it("replaces nothing that appears after nothing was found, without asking about it", async () => {
    const path = join(folder, "race.txt");
    const asked: string[] = [];
    const mayReplace = async () => {
      asked.push(existsSync(path) ? await readFile(path, "utf8") : "nothing");
      if (asked.length > 1) throw new Error("somebody else's");
      await writeFile(path, "theirs"); // between our look and our write
      return false;
    };
    await expect(writeWhole(path, "ours", mayReplace)).rejects.toThrow("somebody else's");
    expect(asked).toEqual(["nothing", "theirs"]);
    expect(await readFile(path, "utf8")).toBe("theirs");
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("writes what a link leads to, and leaves the link", async () => {
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real/file.txt"), "old");
    await symlink(join(folder, "real/file.txt"), join(folder, "link.txt"));
    await writeWhole(join(folder, "link.txt"), "new", there);
    expect((await lstat(join(folder, "link.txt"))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "real/file.txt"), "utf8")).toBe("new");
  });
});

describe("tryWriting", () => {
  it("says that a name is too long, in bytes, or lies in what takes no files, and makes nothing", async () => {
    const before = await readdir(folder);
    for (const name of [
      `${"ü".repeat(130)}.png`,
      `${"x".repeat(300)}/out.png`,
      `new/${"あ".repeat(90)}/out.png`,
      "d/".repeat(2500),
    ])
      await expect(tryWriting(join(folder, name)), name).rejects.toThrow("has a name that is too long: choose a shorter one");
    await expect(tryWriting(join(folder, "taken/out.png"))).rejects.toThrow(
      `"${join(folder, "taken")}" is a file where a folder is needed: choose another place`,
    );
    if (process.platform === "linux")
      for (const path of ["/proc/out.png", "/proc/sftgan/out.png"])
        await expect(tryWriting(path), path).rejects.toThrow("takes no f");
    await tryWriting(join(folder, "new/deeper/out.png"));
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("removeParts", () => {
  it("takes away what a writer that is dead left, and nothing else", async () => {
    const parts = join(folder, "parts");
    await mkdir(parts);
    const script = `import { writeFile } from "node:fs/promises"; console.log(process.pid);`;
    const dead = Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
    const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
    const name = (machine: string, pid: number) => `.sftgan-${machine}-${pid}-01234567.part`;
    const stay = [name(host, process.pid), name("00000000", dead), ".a.png.01234567.part", "photo.part"];
    for (const file of [name(host, dead), ...stay]) await writeFile(join(parts, file), "half");
    await removeParts(join(parts, "out.png"));
    expect((await readdir(parts)).sort()).toEqual(stay.sort());
    await removeParts(join(folder, "not there/out.png"));
  });
});
