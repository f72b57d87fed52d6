/** The node alone, on the CPU. `runNode` fails where a tensor is left behind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runNode, tensorCount, toolkit } from "litegraph-sftgan/testing";
import gamma from "../dist/gamma.js";

const { tf } = toolkit;
const node = gamma(toolkit);

test("Every sample is raised to the power", async () => {
  const rgb = tf.tensor4d([0, 0.5, 1, 0.25, 0.5, 1.5], [1, 1, 2, 3]);
  const { image } = await runNode(node, { image: { rgb } }, { power: 2 });
  assert.deepEqual([...image.rgb.dataSync()], [0, 0.25, 1, 0.0625, 0.25, 2.25]);
  tf.dispose([rgb, image.rgb]);
});

test("No tensor stays", async () => {
  const before = tensorCount();
  const rgb = tf.ones([1, 4, 6, 3]);
  const { image } = await runNode(node, { image: { rgb } });
  tf.dispose([rgb, image.rgb]);
  assert.equal(tensorCount(), before);
});
