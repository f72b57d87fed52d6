/** Reading whole files. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { readBytes, refusalOfAddress } from "../../src/headless/files";
import { workOf } from "../../src/headless/graph-file";
import { planOf } from "../../src/headless/jobs";
import { writeWhole } from "../../src/headless/write";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("readBytes", () => {
  it.skipIf(process.platform === "win32")("says what to give in place of a device", async () => {
    await expect(readBytes("/dev/zero")).rejects.toThrow(
      '"/dev/zero" is a pipe or a device and no regular file: give a regular file',
    );
  });
});

describe("An address in place of a path", () => {
  const message = (address: string) =>
    `"${address}" is an address, and files are read from disk and written there: download it, and give a path`;

  it("is neither fetched nor written to", async () => {
    for (const address of ["https://example.com/a.png", "file:///etc/hosts", "S3://bucket/a.pth"]) {
      await expect(readBytes(address)).rejects.toThrow(message(address));
      await expect(writeWhole(address, "", async () => false)).rejects.toThrow(message(address));
    }
    expect(refusalOfAddress("C:/photos/a.png")).toBeUndefined();
    expect(refusalOfAddress("./a://b.png")).toBeUndefined();
  });

  it("is no picture to enlarge, no place for one, and no file that a graph may name", async () => {
    await expect(planOf(["http://example.com/*.png"], "out")).rejects.toThrow(message("http://example.com/*.png"));
    await expect(planOf([folder], "sftp://example.com/out")).rejects.toThrow(message("sftp://example.com/out"));
    const { file } = workOf(cleanGraph({ nodes: [] }), { folder });
    await expect(file({ name: "http://127.0.0.1:1/a.pth" })).rejects.toThrow(message("http://127.0.0.1:1/a.pth"));
  });
});
