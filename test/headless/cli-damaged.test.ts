/** `sftgan upscale` on files that are damaged, of an unusual kind, or none at all: what is read is read with a warning. */
import { mkdir } from "node:fs/promises";
import { expect, it } from "vitest";
import { caseFile } from "../fixture";
import { Program } from "./program";

const program = Program.prepare();

it("reads what viewers read, with a warning, and what ends early where asked for", async () => {
  await program.fixture("net-srresnet.pth");
  await mkdir(program.path("mixed"));
  for (const name of ["no_eoi.jpg", "photo.jfif", "x.bmp", "x.gif", "x.tif", "trunc.jpg"])
    await program.write(`mixed/${name}`, await caseFile(`pictures/${name}`));
  const first = await program.run("upscale", "mixed", "large", "--model", "net-srresnet.pth");
  expect(first.code).toBe(3);
  expect(first.out).toMatch(/5 enlarged, 0 already there, 1 failed, 1 with a warning\n$/);
  expect(first.err).toContain("sftgan: warning: mixed/no_eoi.jpg: the end of the file is missing\n");
  expect(first.err).toContain(
    "mixed/trunc.jpg is cut short: the file ends before its picture does; copy or download it again, or give --read-damaged.",
  );
  const read = await program.run("upscale", "mixed/trunc.jpg", "far.png", "--model", "net-srresnet.pth", "--read-damaged");
  expect(read).toMatchObject({ code: 0 });
  expect(read.err).toContain("warning: mixed/trunc.jpg: it ends early: what is missing is grey or coarse");
});
