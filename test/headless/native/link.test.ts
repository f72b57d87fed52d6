/** What is said where onnxruntime, or the process that it is in, fails. */
import type { ChildProcess } from "node:child_process";
import { expect, it } from "vitest";
import { isRuntimeFailure, Link, runtimeFailure } from "../../../src/headless/native/link";

it("a failure of onnxruntime's or of a device is told from one of a picture, and says what to do", () => {
  const [plain, device] = [runtimeFailure("no room"), runtimeFailure("no adapter", "webgpu")];
  expect(plain.message).toBe("onnxruntime cannot compute this: give --device wasm, or --memory less (no room)");
  expect(device.message).toBe("--device webgpu does not work on this machine: leave it out (no adapter)");
  for (const { message } of [plain, device]) expect(isRuntimeFailure(`Segment (2): ${message}`)).toBe(true);
  expect(isRuntimeFailure('"a.png" is cut short')).toBe(false);
});

it("a process that ended and was sent something before that was known is told as one that ended, not as a broken pipe", async () => {
  const link = Link.take();
  await link.hello;
  const asked = link.ask({ do: "free", map: 0 });
  const { child } = link as unknown as { child: ChildProcess };
  child.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" }));
  await expect(asked.then(() => link.ask({ do: "free", map: 0 }))).rejects.toThrow(
    "the process that computes has ended (SIGKILL)",
  );
});
