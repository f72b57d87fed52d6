/** Tests in Chromium on software WebGPU (`npm run test:long`), on the backend that the engine starts, by the kernels that it uses. */
import "@tensorflow/tfjs-backend-webgl";
import { afterEach, expect } from "vitest";
import { useBlocking, useGeneral } from "../src/kernels/webgpu/kernels";
import { startWebGPU } from "../src/webgpu/backend";

const webgpu = await startWebGPU();
useBlocking("WebGPU 4×8");
useGeneral(true);
// What the device could not do leaves zeros, which not every test sees: an engine gives it up then.
afterEach(async () => {
  await webgpu.checkpoint();
  await webgpu.checkpoint();
  expect(webgpu.isLost(), "the device has failed at something").toBe(false);
});
