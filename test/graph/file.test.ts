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

  it("says what to do on a page that browsers do not hold for secure", async () => {
    vi.stubGlobal("crypto", { getRandomValues: () => {} });
    await expect(sha256("abc")).rejects.toThrow(/SHA-256.*secure pages only: open this page over https, or from localhost/);
    vi.stubGlobal("crypto", undefined);
    await expect(sha256("abc")).rejects.toThrow(/over https/);
  });
});
