import { describe, expect, it } from "vitest";
import featureMontage from "../../nodes/feature-montage";
import sftResblocks from "../../nodes/sft-resblocks";
import { refusal } from "../message";
import { imageOf, noise, runNode } from "../support";

const featuresAfter = async (blocks: number) =>
  (await runNode(sftResblocks, { image: imageOf(noise([1, 5, 6, 3])), condition: { map: noise([1, 5, 6, 3], 2) } }, { blocks }))
    .features;

describe("Feature Montage", () => {
  it("shows features at any point of the trunk, with the range of its colours", async () => {
    for (const blocks of [0, 1, 2]) {
      const features = await featuresAfter(blocks);
      const { image, low, high } = await runNode(featureMontage, { features });
      expect(image.rgb.shape).toEqual([1, 2 * 6, 2 * 7, 3]);
      expect(low).toBeLessThan(high);
      expect(image.legend).toMatchObject({ kind: "bar", map: "viridis", label: "feature values", low, high });
    }
  });

  it("refuses a channel that the features do not have", async () => {
    const features = await featuresAfter(0);
    expect(await refusal(() => runNode(featureMontage, { features }, { first: 5 }))).toBe(
      "there is no channel 5: the features have 4, choose 1 to 4",
    );
  });
});
