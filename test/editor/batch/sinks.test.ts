/** Where results go: names that fit everywhere and replace nothing, a .zip that other programs read, a folder's files whole. */
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type Folder, folderSink } from "../../../src/editor/batch/folder";
import { resultPath } from "../../../src/editor/batch/sink";
import { zipSink } from "../../../src/editor/batch/zip";

const bytes = (length: number, seed = 7) => Uint8Array.from({ length }, (_, i) => (i * seed) & 255);

describe("The path of a result", () => {
  it("is the photo's, with the ending of what it is", () => {
    expect(resultPath("trip/day 1/alps.JPG", "image/png")).toBe("trip/day 1/alps.png");
    expect(resultPath("scan.tiff", "image/jpeg")).toBe("scan.jpg");
    expect(resultPath("v1.2", "image/webp")).toBe("v1.2.webp");
  });

  it("never leads out of where results go, and has no name that a file system refuses", () => {
    expect(resultPath("../../a/./b?.png", "image/png")).toBe("a/b.png");
    expect(resultPath("..", "image/png")).toBe("picture.png");
    expect(resultPath("a/.hidden/<>.png", "image/png")).toBe("a/hidden/picture.png");
  });
});

describe("A .zip of results", () => {
  it("holds each under a name of its own", async () => {
    const saved: [string, Blob][] = [];
    const sink = zipSink("photos", (zip, name) => saved.push([name, zip]));
    const names = [
      await sink.add("a.png", bytes(9)),
      await sink.add("A.png", bytes(5_000_000, 3)),
      await sink.add("b/a.png", bytes(0)),
    ];
    await sink.close();
    expect(names).toEqual(["a.png", "A 2.png", "b/a.png"]);
    expect(saved.map(([name]) => name)).toEqual(["photos.zip"]);
    const found = unzipSync(new Uint8Array(await saved[0]![1].arrayBuffer()));
    expect(Object.keys(found)).toEqual(names);
    expect(Buffer.from(found["A 2.png"]!).equals(bytes(5_000_000, 3))).toBe(true);
  });

  it("is handed over past a size, and another begun; none is handed over empty", async () => {
    const saved: string[] = [];
    const sink = zipSink("photos", (_, name) => saved.push(name), 100);
    await sink.add("a.png", bytes(200));
    expect(saved).toEqual(["photos.zip"]);
    await sink.add("b.png", bytes(9));
    await sink.close();
    await sink.close();
    expect(saved).toEqual(["photos.zip", "photos 2.zip"]);
  });
});

/** A folder in memory that does as the File System Access API does. */
function folder(entries: Map<string, Uint8Array | Folder>, fails = false): Folder {
  const missing = (kind: string) => Promise.reject(Object.assign(new Error(kind), { name: kind }));
  return {
    name: "out",
    async getDirectoryHandle(name) {
      const there = entries.get(name) ?? folder(new Map());
      entries.set(name, there);
      return there as Folder;
    },
    async getFileHandle(name, { create = false } = { create: false }) {
      const there = entries.get(name);
      if (there && !(there instanceof Uint8Array)) return missing("TypeMismatchError");
      if (!there && !create) return missing("NotFoundError");
      if (!there) entries.set(name, new Uint8Array());
      return {
        async createWritable() {
          let written = new Uint8Array();
          return {
            async write(data: BufferSource) {
              if (fails) throw new Error("the disk is full");
              written = data as Uint8Array<ArrayBuffer>;
            },
            close: async () => void entries.set(name, written),
            abort: async () => {},
          };
        },
      };
    },
    removeEntry: async (name) => void entries.delete(name),
  };
}

describe("A folder of results", () => {
  it("gets each in its place, and nothing that is there is replaced", async () => {
    const entries = new Map<string, Uint8Array | Folder>([
      ["a.png", bytes(3)],
      ["b.png", folder(new Map())],
    ]);
    const sink = folderSink(folder(entries));
    expect([
      await sink.add("a.png", bytes(9)),
      await sink.add("b.png", bytes(9)),
      await sink.add("trip/a.png", bytes(9)),
    ]).toEqual(["a 2.png", "b 2.png", "trip/a.png"]);
    expect(entries.get("a.png")).toEqual(bytes(3));
    expect(entries.get("a 2.png")).toEqual(bytes(9));
  });

  it("keeps no half file where one cannot be written", async () => {
    const entries = new Map<string, Uint8Array | Folder>();
    await expect(folderSink(folder(entries, true)).add("a.png", bytes(9))).rejects.toThrow("the disk is full");
    expect([...entries.keys()]).toEqual([]);
  });
});
