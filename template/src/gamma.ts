/** A node of one's own. Only types are imported: what it computes with is handed to it. */
import type { Tensor4D, Toolkit } from "litegraph-sftgan/toolkit";

export default ({ tf, defineNode, image, number, read, whole, sizeOf }: Toolkit) =>
  defineNode({
    type: "my-nodes/gamma",
    title: "Gamma",
    description: "Raises every sample to a power.",
    inputs: { image: image("the picture [1, h, w, 3]") },
    params: { power: number({ default: 1, min: 0.1, max: 5, step: 0.1, help: "below 1 is brighter" }) },
    outputs: { image: image("the picture [1, h, w, 3]") },
    run: ({ image: { rgb, alpha } }, { power }) => ({
      image: { rgb: tf.tidy(() => tf.pow<Tensor4D>(tf.relu(read(rgb, whole(sizeOf(rgb)))), power)), ...(alpha && { alpha }) },
    }),
  });
