import { describe, expect, it } from "vitest";
import { isBackendFailure, messageOf } from "../../src/graph/failure";
import { expectMessage } from "../message";

describe("a failure of the backend", () => {
  it.each([
    new WebAssembly.RuntimeError("unreachable"),
    new WebAssembly.RuntimeError("Aborted(). Build with -sASSERTIONS for more info."),
    new Error("memory access out of bounds"),
    new Error("Failed to allocate a buffer of 3 GB\n    at malloc"),
    new Error("WebGL error: OUT_OF_MEMORY"),
    new Error("Unable to create WebGLTexture."),
  ])("is told apart and becomes one message: %s", (error) => {
    expect(isBackendFailure(error)).toBe(true);
    const message = messageOf(error);
    expectMessage(message);
    expect(message).toMatch(/^it ran out of memory \(.+\): give a smaller picture, or close other programs$/);
  });

  it.each(["Array buffer allocation failed", "Invalid typed array length: 9999999999", "Invalid array length"])(
    "is not what an array in host memory fails with, which is the same message: %s",
    (message) => {
      expect(isBackendFailure(new RangeError(message))).toBe(false);
      expect(messageOf(new RangeError(message))).toBe(
        `it ran out of memory (${message}): give a smaller picture, or close other programs`,
      );
    },
  );

  it("is not what a node says itself", () => {
    const error = new Error("near 0.5 and far 0.5 do not bound a range of depths");
    expect(isBackendFailure(error)).toBe(false);
    expect(messageOf(error)).toBe(error.message);
    expect(messageOf("a text")).toBe("a text");
  });
});
