/** Reading and writing whole files. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { readBytes, refusalOfAddress, writeWhole } from "../../src/headless/files";
import { workOf } from "../../src/headless/graph-file";
import { jobsOf } from "../../src/headless/jobs";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("writeWhole", () => {
  it("makes the folders a file lies in, and leaves nothing beside it", async () => {
    const path = join(folder, "a/b/c/file.txt");
    await writeWhole(path, "first");
    await writeWhole(path, "second");
    expect(await readFile(path, "utf8")).toBe("second");
    expect(await readdir(join(folder, "a/b/c"))).toEqual(["file.txt"]);
  });

  it("makes one folder for several files at once", async () => {
    await Promise.all(["x", "y", "z"].map((name) => writeWhole(join(folder, "new/deep", name), name)));
    expect((await readdir(join(folder, "new/deep"))).sort()).toEqual(["x", "y", "z"]);
  });

  it("says that a folder's place is taken by a file, or by a link that leads nowhere", async () => {
    await writeFile(join(folder, "taken"), "");
    await symlink(join(folder, "nowhere"), join(folder, "dangling"));
    for (const name of ["taken", "dangling"])
      await expect(writeWhole(join(folder, name, "deep/file.txt"), "")).rejects.toThrow(
        `"${join(folder, name)}" is a file where a folder is needed: choose another place`,
      );
  });

  it.runIf(process.platform === "linux")("ends where the file system takes no folders", { timeout: 5000 }, async () => {
    await expect(writeWhole("/proc/sftgan/deep/file.png", "")).rejects.toThrow(
      '"/proc/sftgan" cannot be made, for what it lies in takes no folders: choose another place',
    );
  });
});

describe("readBytes", () => {
  it.skipIf(process.platform === "win32")("says what to give in place of a device", async () => {
    await expect(readBytes("/dev/zero")).rejects.toThrow(
      '"/dev/zero" is a pipe or a device and no regular file: give a regular file',
    );
  });
});

describe("An address in place of a path", () => {
  const sentence = (address: string) =>
    `"${address}" is an address, and files are read from disk and written there: download it, and give a path`;

  it("is neither fetched nor written to", async () => {
    for (const address of ["https://example.com/a.png", "file:///etc/hosts", "S3://bucket/a.pth"]) {
      await expect(readBytes(address)).rejects.toThrow(sentence(address));
      await expect(writeWhole(address, "")).rejects.toThrow(sentence(address));
    }
    expect(refusalOfAddress("C:/photos/a.png")).toBeUndefined();
    expect(refusalOfAddress("./a://b.png")).toBeUndefined();
  });

  it("is no picture to enlarge, no place for one, and no file that a graph may name", async () => {
    await expect(jobsOf(["http://example.com/*.png"], "out")).rejects.toThrow(sentence("http://example.com/*.png"));
    await expect(jobsOf([folder], "sftp://example.com/out")).rejects.toThrow(sentence("sftp://example.com/out"));
    const { file } = workOf(cleanGraph({ nodes: [] }), { folder });
    await expect(file({ name: "http://127.0.0.1:1/a.pth" })).rejects.toThrow(sentence("http://127.0.0.1:1/a.pth"));
  });
});
