/** The sample scene with what goes into its files: the low-resolution picture, the labels' palette, and what each says. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { degradeFloat } from "../../src/image/degrade";
import { toLevels } from "../../src/image/eight-bit";
import { CLASS_COLOURS, CLASSES } from "../../src/types";
import { drawScene, FURTHEST, NEAREST } from "./scene";

export async function sceneFiles() {
  await tf.setBackend("cpu");
  const scene = drawScene();
  const small = tf.tidy(() => {
    const hr = tf.div<tf.Tensor4D>(tf.tensor4d(scene.rgb, [1, scene.height, scene.width, 3], "float32"), 255);
    return toLevels(degradeFloat(hr));
  });
  const [, height, width] = small.shape;
  const rgb = Uint8Array.from(await small.data());
  small.dispose();
  return {
    scene,
    small: { width, height, rgb },
    palette: CLASS_COLOURS.map((colour) => [...colour]),
    text: {
      labels: `Classes by palette index: ${CLASSES.map((name, i) => `${i} ${name}`).join(", ")}.`,
      depth:
        `Depth, near dark and far bright: distance in metres = ${NEAREST} * ${FURTHEST / NEAREST} ^ (value / 65535); ` +
        `65535 is ${FURTHEST} m or more, the sky.`,
    },
  };
}
