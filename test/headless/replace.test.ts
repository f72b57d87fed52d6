/** What may be written over. */
import { execFileSync } from "node:child_process";
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode } from "../../src/headless/encode";
import { isOwn, isOwnText, recipeHash, recipeHashIn, textOfJson } from "../../src/headless/own";
import { Guard, Inputs } from "../../src/headless/replace";
import { writeNpy } from "../../src/weights/npy";
import { fixture } from "../fixture";

let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-replace-"));
  await writeFile(at("photo.jpg"), "theirs, and read");
  await writeFile(at("other.txt"), "theirs");
  await writeFile(at("ours.txt"), "ours");
  await writeFile(at("empty.txt"), "");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ours = (bytes: Uint8Array) => new TextDecoder().decode(bytes) === "ours";
const guard = (overwrite = false) =>
  new Guard(new Inputs(() => [at("missing.png"), at("photo.jpg"), at("ours-too.txt")]), overwrite);

describe("Guard", () => {
  it("lets nothing be replaced but what this program made, and what is empty", async () => {
    expect(await guard().check(at("nothing.txt"), ours)).toBe(false);
    expect(await guard().check(at("other.txt/inside.txt"), ours)).toBe(false);
    expect(await guard().check(at("ours.txt"), ours)).toBe(true);
    expect(await guard().check(at("empty.txt"), ours)).toBe(true);
    await expect(guard().check(at("other.txt"), ours)).rejects.toThrow(
      `"${at("other.txt")}" exists and is not of this program's making: name another file, or give --overwrite`,
    );
    expect(await guard(true).check(at("other.txt"), ours)).toBe(true);
  });

  it("never lets an input be replaced, by whatever name, even if it is of this program's making", async () => {
    await link(at("photo.jpg"), at("hard.jpg"));
    await symlink("photo.jpg", at("soft.jpg"));
    await symlink(".", at("again"));
    await writeFile(at("ours-too.txt"), "ours");
    for (const overwrite of [false, true]) {
      for (const name of ["photo.jpg", "again/../photo.jpg", "ours-too.txt"])
        await expect(guard(overwrite).check(at(name), ours), name).rejects.toThrow("is read by this command: name another file");
      for (const path of [at("hard.jpg"), at("soft.jpg"), `${folder}/again/photo.jpg`])
        await expect(guard(overwrite).check(path, ours), path).rejects.toThrow(
          `is "${at("photo.jpg")}" by another name, which this command reads: name another file`,
        );
    }
  });

  it.skipIf(process.platform === "win32")("replaces no folder, pipe, or link that leads nowhere", { timeout: 5000 }, async () => {
    await mkdir(at("folder.png"));
    execFileSync("mkfifo", [at("pipe.png")]);
    await symlink("nowhere", at("dangling.png"));
    for (const overwrite of [false, true]) {
      await expect(guard(overwrite).check(at("folder.png"), ours)).rejects.toThrow("is a folder: give a file");
      await expect(guard(overwrite).check(at("pipe.png"), ours)).rejects.toThrow("is a pipe or a device and no regular file");
      await expect(guard(overwrite).check(at("dangling.png"), ours)).rejects.toThrow("is a link that leads nowhere");
    }
  });
});

describe("A file of this program's making", () => {
  const picture = { width: 2, height: 1, bits: 8, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const;

  it("is known by the recipe in it, whatever its kind", async () => {
    const recipe = await recipeHash("{}");
    for (const type of ["image/png", "image/jpeg", "image/webp"] as const) {
      const { bytes } = await encode(picture, type, { text: { sftgan: "{}" }, recipe });
      expect(await recipeHashIn(bytes), type).toBe(recipe);
      expect(await isOwn(bytes), type).toBe(true);
      expect(await isOwn((await encode(picture, type, {})).bytes), type).toBe(false);
    }
    expect(await isOwn(writeNpy([1, 2, 1], Float32Array.of(1, 2)))).toBe(true);
    for (const name of [
      "weights-f4.npy",
      "net-prior.npy",
      "picture-grey.jpg",
      "picture-alpha.png",
      "picture-alpha.webp",
      "net-sft-net.pth",
    ])
      expect(await isOwn(await fixture(name)), name).toBe(false);
    for (const text of ["", "\x93NUMPY\x01", "text"]) expect(await isOwn(new TextEncoder().encode(text))).toBe(false);
  });

  it("is known by its form where it is a text with names", () => {
    const own = (text: string, ending: ".json" | ".txt", ...names: string[]) =>
      isOwnText(new TextEncoder().encode(text), ending, names);
    const json = textOfJson({ psnr: 30.5, ssim: "Infinity" });
    expect(own(json, ".json", "psnr", "ssim")).toBe(true);
    expect(own(json, ".json", "psnr")).toBe(false);
    expect(own('{"psnr":30.5,"ssim":1}', ".json", "psnr", "ssim")).toBe(false);
    expect(own(textOfJson({ psnr: {} }), ".json", "psnr")).toBe(false);
    for (const text of ["", "null\n", "[]\n", '{ "nodes": [] }\n', "{"]) expect(own(text, ".json", "psnr", "ssim")).toBe(false);
    expect(own("psnr 30.5\nssim 0.9\n", ".txt", "psnr", "ssim")).toBe(true);
    expect(own("psnr 30.5\n", ".txt", "psnr", "ssim")).toBe(false);
    expect(own("42\n", ".txt")).toBe(false);
  });
});
