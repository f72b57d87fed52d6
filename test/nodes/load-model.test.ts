import { describe, expect, it } from "vitest";
import loadModel from "../../nodes/load-model";
import { fixture } from "../fixture";
import { refusal } from "../message";
import { runNode } from "../support";

const load = async (name: string) =>
  (await runNode(loadModel, {}, { file: { name } }, { file: () => fixture(`net-${name}`) })).model;

describe("Load Model", () => {
  it.each([
    ["sft-net.pth", "sft-net", "pixel-shuffle", 8],
    ["sft-net-torch.pth", "sft-net-torch", "nearest", 8],
    ["srresnet.pth", "srresnet", "pixel-shuffle", 0],
    ["segmenter.safetensors", "segmenter", "pixel-shuffle", 8],
    ["outdoor-scene-seg.pth", "outdoor-scene-seg", "pixel-shuffle", 8],
  ])("reads what %s is from its names and shapes", async (name, architecture, upsampling, classes) => {
    const model = await load(name);
    expect(model).toMatchObject({ name, architecture, classes, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    if (architecture.startsWith("s") && !architecture.startsWith("seg")) expect(model.upsampling).toBe(upsampling);
  });

  it("folds the official segmentation network's batch norms, once for all pictures", async () => {
    const { weights } = await load("outdoor-scene-seg.pth");
    expect(Object.keys(weights).filter((name) => name.includes("running_"))).toEqual([]);
  });

  it("asks for a file where there is none, and names one that is no weights", async () => {
    expect(await refusal(() => runNode(loadModel, {}, { file: null }))).toBe(
      "there are no weights yet: drop a checkpoint on the node, or choose a file",
    );
    const picture = () => fixture("picture-palette.png");
    expect(await refusal(() => runNode(loadModel, {}, { file: { name: "a.pth" } }, { file: picture }))).toContain(
      '"a.pth" is not a weights file but a picture',
    );
  });
});
