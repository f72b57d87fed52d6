/** Which pictures are enlarged, and into which files. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
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
    expect((await planOf([place], place)).left.counts).toEqual({
      "a result of this program": { count: 2, names: ["a.png", "b.png.png"] },
    });
    expect((await planOf([place], join(root, "out"))).left.lines).toEqual([]);
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

  it("takes a dash for standard input and output: one picture, whose result has a name", async () => {
    const photos = await folder("photos");
    const [from, file] = [join(photos, "c.png"), join(root, "large.webp")];
    expect((await planOf(["-"], file)).jobs).toEqual([{ from: "-", to: file, place: "large.webp" }]);
    expect((await planOf([from], "-")).jobs).toEqual([{ from, to: "-", place: "-" }]);
    expect((await planOf(["-"], "-")).isFile).toBe(true);
    await expect(planOf(["-"], photos)).rejects.toThrow("a picture from standard input needs a name for its result");
    await expect(planOf(["-", from], file)).rejects.toThrow('give "-" alone, or "./-" for a file of that name');
    await expect(planOf([photos], "-")).rejects.toThrow("standard output takes one picture");
  });

  it("takes folders inside folders where it is told to, and keeps them", async () => {
    const deep = await folder("deep", "a.JPG", "notes.txt", ".DS_Store");
    await folder("deep/2019/May", "a.jpg", "b.jfif");
    await folder("deep/empty");
    await symlink("..", join(deep, "2019/loop"));
    const out = join(root, "out");
    expect(await names(out, deep)).toEqual({ "deep/a.JPG": "a.png" });
    const whole = await planOf([deep], out, { recursive: true, ending: ".webp" });
    expect(whole.jobs.map(({ place }) => place)).toEqual(["2019/May/a.webp", "2019/May/b.webp", "a.webp"]);
    expect(whole.jobs[0]).toMatchObject({ from: join(deep, "2019/May/a.jpg"), to: join(out, "2019/May/a.webp") });
    const inside = await folder("deep/large");
    expect((await planOf([deep], inside, { recursive: true })).jobs.map(({ place }) => place)).toEqual([
      "2019/May/a.png",
      "2019/May/b.png",
      "a.png",
    ]);
    expect(await planOf([deep], deep, { recursive: true }).then(({ jobs }) => jobs.map(({ place }) => place))).toEqual([
      "2019/May/a.png",
      "2019/May/b.png",
      "a.png",
    ]);
    await expect(planOf([await folder("outer"), join(root, "outer")], out)).rejects.toThrow("holds no picture");
    await folder("outer/inner", "x.png");
    await expect(planOf([join(root, "outer")], out)).rejects.toThrow("or --recursive for the folders inside it");
  });

  it("names what a folder holds beside its pictures, with the reason, in a line for each reason", async () => {
    const texts = Array.from({ length: 6 }, (_, i) => `${i}.txt`);
    const mixed = await folder("mixed", "a.png", ".hidden.png", ...texts);
    await folder("mixed/inside", "b.png");
    expect((await planOf([mixed], join(root, "out"))).left.lines).toEqual([
      "not enlarged: .hidden.png (hidden)",
      "not enlarged: 0.txt, 1.txt, 2.txt, 3.txt, and 2 more (no picture by its ending)",
      "not enlarged: inside (a folder inside, which --recursive takes too)",
    ]);
    const { left } = await planOf([join(mixed, "*.*")], join(root, "out"));
    expect(left.counts).toEqual({ "no picture by its ending": { count: 6, names: ["0.txt", "1.txt", "2.txt", "3.txt"] } });
  });

  it("reads patterns without regard to case, and keeps the folders below their fixed part", async () => {
    const shots = await folder("shots", "A.JPG", "b.jpg", "c.JPEG", "d.png");
    await folder("shots/Trip", "b.Jpg");
    const out = join(root, "out");
    expect(await names(out, join(shots, "*.jp*g"))).toEqual({
      "shots/A.JPG": "A.png",
      "shots/b.jpg": "b.png",
      "shots/c.JPEG": "c.png",
    });
    expect(Object.values(await names(out, join(shots, "**/B.jpg"))).sort()).toEqual(["Trip/b.png", "b.png"]);
    await expect(planOf([join(shots, "*.txt")], out)).rejects.toThrow("no file fits the pattern");
    await folder("shots", "notes.txt");
    await expect(planOf([join(shots, "*.TXT")], out)).rejects.toThrow("no picture (.png, .jpg");
  });

  it("takes the name of a folder in a pattern for no pattern, whatever is in it", async () => {
    const out = join(root, "out");
    for (const name of ["photos (1)", "photos [a]{b}", "a+(b) @(c)!"]) {
      const outer = await folder(name, "a.png");
      await folder(`${name}/(2)`, "b.png");
      expect(await names(out, join(outer, "*.png")), name).toEqual({ [`${name}/a.png`]: "a.png" });
      expect(await names(out, join(outer, "(2)", "*.png")), name).toEqual({ [`${name}/(2)/b.png`]: "b.png" });
      expect(await names(out, relative(".", join(outer, "**/*.png"))), name).toEqual({
        [`${name}/(2)/b.png`]: "(2)/b.png",
        [`${name}/a.png`]: "a.png",
      });
    }
    await folder("north", "a.png");
    await folder("south", "b.png");
    const either = { "north/a.png": "north/a.png", "south/b.png": "south/b.png" };
    for (const pattern of ["(north|south)/*.png", "{north,south}/*.png"])
      expect(await names(out, join(root, pattern)), pattern).toEqual(either);
  });
});
