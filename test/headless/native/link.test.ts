/** What is said where onnxruntime fails. */
import { expect, it } from "vitest";
import { isRuntimeFailure, runtimeFailure } from "../../../src/headless/native/link";

it("a failure of onnxruntime's or of a device is told from one of a picture, and says what to do", () => {
  const [plain, device] = [runtimeFailure("no room"), runtimeFailure("no adapter", "webgpu")];
  expect(plain.message).toBe("onnxruntime cannot compute this: give --device wasm, or --memory less (no room)");
  expect(device.message).toBe("--device webgpu does not work on this machine: leave it out (no adapter)");
  for (const { message } of [plain, device]) expect(isRuntimeFailure(`Segment (2): ${message}`)).toBe(true);
  expect(isRuntimeFailure('"a.png" is cut short')).toBe(false);
});
