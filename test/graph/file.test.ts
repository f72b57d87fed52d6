/** Files by content. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { sha256 } from "../../src/graph/file";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("A file's hash", () => {
  it("is its SHA-256", async () => {
    expect(await sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("is the same on a page that browsers do not hold for secure, and keep their own hash from", async () => {
    const contents = ["abc", new Uint8Array(0), Uint8Array.from({ length: 1000 }, (_, i) => i)];
    const hashes = await Promise.all(contents.map(sha256));
    vi.stubGlobal("crypto", { getRandomValues: () => {} });
    expect(await Promise.all(contents.map(sha256))).toEqual(hashes);
    vi.stubGlobal("crypto", undefined);
    expect(await Promise.all(contents.map(sha256))).toEqual(hashes);
  });
});
