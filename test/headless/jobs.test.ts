/** Which pictures are enlarged, and into which files. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../../src/codec/png-encode";
import { planOf } from "../../src/headless/jobs";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "sftgan-jobs-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(name: string, ...files: string[]): Promise<string> {
  await mkdir(join(root, name), { recursive: true });
  for (const file of files) await writeFile(join(root, name, file), "");
  return join(root, name);
}
async function names(out: string, ...inputs: string[]): Promise<Record<string, string>> {
  const { jobs } = await planOf(inputs, out);
  return Object.fromEntries(jobs.map(({ from, to }) => [relative(root, from), relative(out, to)]));
}

describe("planOf", () => {
  it("gives each picture its own name, and those of one name their ending too", async () => {
    const photos = await folder("photos", "a.jpg", "a.png", "B.webp", "b.avif", "c.png", "a.png.webp");
    expect(await names(join(root, "out"), photos)).toEqual({
      "photos/a.jpg": "a.jpg.png",
      "photos/a.png": "a.png-2.png",
      "photos/a.png.webp": "a.png.png",
      "photos/B.webp": "B.webp.png",
      "photos/b.avif": "b.avif.png",
      "photos/c.png": "c.png",
    });
  });

  it("numbers pictures of one name from several folders, and takes a picture named twice for one", async () => {
    const [one, two] = [await folder("one", "x.png"), await folder("two", "x.png")];
    const out = join(root, "out");
    expect(await names(out, one, two)).toEqual({ "one/x.png": "x.png.png", "two/x.png": "x.png-2.png" });
    expect(await names(out, join(one, "x.png"), `${one}/./x.png`)).toEqual({ "one/x.png": "x.png" });
  });

  it("leaves the results of an earlier run out where OUT is the folder of the pictures, and writes over none of these", async () => {
    const place = await folder("place", "a.jpg", "b.png");
    const result = await encodePng({ width: 1, height: 1, bits: 8, rgb: Uint8Array.of(1, 2, 3) }, { sftgan: "{}" });
    const before = { "place/a.jpg": "a.png", "place/b.png": "b.png.png" };
    expect(await names(place, place)).toEqual(before);
    for (const name of ["a.png", "b.png.png"]) await writeFile(join(place, name), result);
    for (const out of [place, join(root, "place/../place/")])
      for (const from of [place, join(place, "*.*")]) expect(await names(out, from)).toEqual(before);
    expect((await planOf([place], place)).results).toBe(2);
    expect((await planOf([place], join(root, "out"))).results).toBe(0);
    expect(await names(place, join(place, "a.png"))).toEqual({ "place/a.png": "a.png.png" }); // named by the user, so enlarged
    await rm(join(place, "a.jpg"));
    await rm(join(place, "b.png"));
    await expect(planOf([place], place)).rejects.toThrow("is a result of this program: give pictures that are not");
  });

  it("plans as many pictures as a folder holds, at once", { timeout: 20_000 }, async () => {
    const many = await folder("many");
    const files = Array.from({ length: 20_000 }, (_, i) => String(i));
    for (let i = 0; i < files.length; i += 1000)
      await Promise.all(files.slice(i, i + 1000).map((name) => writeFile(join(many, `${name}.png`), "")));
    const { jobs } = await planOf([many], join(root, "out"));
    expect(new Set(jobs.map(({ to }) => to)).size).toBe(files.length);
  });

  it("leaves no picture of a folder out, those that will be refused by name among them", async () => {
    const phone = await folder("phone", "IMG_1.HEIC", "b.jxl", "c.jpg", "notes.txt");
    const planned = await names(join(root, "out"), phone);
    expect(Object.keys(planned)).toEqual(["phone/IMG_1.HEIC", "phone/b.jxl", "phone/c.jpg"]);
  });

  it("refuses a dash, which is no file", async () => {
    const photos = await folder("photos");
    for (const [input, out] of [
      ["-", "out"],
      [photos, "-"],
    ] as const)
      await expect(planOf([input], out)).rejects.toThrow('name one in place of "-"');
  });
});
