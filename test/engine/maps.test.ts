import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { requireMaps } from "../../src/engine/maps";
import type { AnyNode } from "../../src/graph/node";

const node = (type: string): AnyNode => definitions.find((def) => def.type === `sftgan/${type}`)!;
const said = (type: string, outputs: unknown): string | undefined => {
  try {
    tf.tidy(() => requireMaps(node(type), outputs as Record<string, unknown>));
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
};

describe("What a node of somebody else's gives", () => {
  it("is let through where it is what the sockets say", () => {
    const rgb = tf.ones([1, 2, 3, 3]);
    expect(said("load-lr", { image: { rgb } })).toBeUndefined();
    expect(said("load-lr", { image: { rgb, alpha: tf.ones([1, 2, 3, 1]) } })).toBeUndefined();
    expect(said("segment", { prior: { map: tf.ones([1, 2, 3, 2]), channels: ["a", "b"], kind: "map" } })).toBeUndefined();
    expect(said("load-model", {})).toBeUndefined(); // which gives nothing that is drawn
  });

  it.each([undefined, {}, { picture: {} }, { image: undefined }, { image: null }])("is missed by its name: %j", (outputs) =>
    expect(said("load-lr", outputs)).toBe('it gave no "image": what run returns must hold every output by its name'),
  );

  it("is told by its shape, and by what that must be", () => {
    const image = (value: unknown) => said("load-lr", { image: value });
    expect(image(tf.ones([1, 2, 3, 3]))).toBe('its "image.rgb" is no tensor: it must be [1, height, width, 3]');
    expect(image({ rgb: tf.ones([2, 3, 3]) })).toBe('its "image.rgb" is of shape [2, 3, 3]: it must be [1, height, width, 3]');
    expect(image({ rgb: tf.ones([1, 2, 3, 1]) })).toMatch(/\[1, 2, 3, 1\]: it must be \[1, height, width, 3\]$/);
    expect(image({ rgb: tf.ones([1, 2, 3, 3]), alpha: tf.ones([1, 2, 2, 1]) })).toBe(
      'its "image.alpha" is of shape [1, 2, 2, 1]: it must be [1, 2, 3, 1]',
    );
    expect(said("condition-net", { condition: { map: tf.ones([2, 3, 4]) } })).toMatch(/must be \[1, height, width, channels\]$/);
    expect(said("segment", { prior: { map: tf.ones([1, 2, 3, 2]), channels: ["a"], kind: "map" } })).toBe(
      'its "prior" has a map of 2 channels, and names for 1 of them: give one for each',
    );
  });
});
