import { expect, it } from "vitest";
import loadFolder from "../../nodes/load-folder";
import { decodePng } from "../../src/codec/png-decode";
import { fixture } from "../fixture";
import { refusal } from "../message";
import { runNode } from "../support";

const host = {
  file: async () => fixture("image-hr.png"),
  decode: async (bytes: Uint8Array, name: string) => (await decodePng(bytes, name))!,
};

it("gives the photo that is chosen, as Load LR does", async () => {
  const { image } = await runNode(loadFolder, {}, { file: { name: "a.png" } }, host);
  const { width, height } = await host.decode(await fixture("image-hr.png"), "a.png");
  expect(image.rgb.shape).toEqual([1, height, width, 3]);
});

it("says what to do where no photo is chosen, here and on the command line", async () => {
  expect(await refusal(() => runNode(loadFolder, {}, {}, host))).toMatch(
    /no photos yet: drop some.*sftgan upscale FOLDER OUT --recipe/,
  );
});
