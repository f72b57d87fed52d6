import { describe, expect, it } from "vitest";
import type { View, ViewRequest } from "../../../src/browser/protocol";
import { ViewSource } from "../../../src/editor/viewer/view-source";
import type { Legend } from "../../../src/types";

const layer = (node: string) => ({ node, output: "image", label: node });

/** An engine with pictures by node; counts what is asked at once and which bitmaps are still open. */
function engine(sizes: Record<string, { width: number; height: number }>) {
  const state = { asked: [] as ViewRequest[], atOnce: 0, most: 0, open: 0, key: "1" };
  const view = async (request: ViewRequest): Promise<View | undefined> => {
    state.asked.push(request);
    state.most = Math.max(state.most, ++state.atOnce);
    await Promise.resolve();
    state.atOnce--;
    const size = sizes[request.node];
    if (!size) return undefined;
    state.open++;
    const bitmap = { width: request.width, height: request.height, close: () => state.open-- } as unknown as ImageBitmap;
    return { bitmap, size, key: state.key };
  };
  return { state, view };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));
const nothing = () => {};

describe("a picture of the large view", () => {
  it("is the first candidate the engine can draw", async () => {
    const { view } = engine({ b: { width: 640, height: 480 } });
    const source = new ViewSource([layer("a"), layer("b")], view, nothing, nothing);
    await settle();
    expect(source.layer?.node).toBe("b");
    expect(source.size).toEqual({ width: 640, height: 480 });
  });

  it("gives way to a better candidate once there is one", async () => {
    const sizes: Record<string, { width: number; height: number }> = { b: { width: 10, height: 10 } };
    const { state, view } = engine(sizes);
    const source: ViewSource = new ViewSource([layer("a"), layer("b")], view, nothing, () =>
      source.want({ left: 0, top: 0, ...source.size! }, source.size!),
    );
    await settle();
    expect(source.layer?.node).toBe("b");
    sizes.a = { width: 40, height: 40 };
    source.refresh();
    await settle();
    expect([source.layer?.node, source.tiles.at(-1)?.bitmap.width]).toEqual(["a", 40]);
    source.close();
    await settle();
    expect(state.open).toBe(0);
  });

  it("comes with what its colours stand for, and changes that with the picture", async () => {
    const legends = { a: { kind: "key", entries: [] } as Legend, b: undefined };
    let now: keyof typeof legends = "a";
    const { view: plain } = engine({ a: { width: 20, height: 10 } });
    const view = async (request: ViewRequest): Promise<View | undefined> => {
      const found = await plain(request);
      const legend = legends[now];
      return found && { ...found, key: now, ...(legend && { legend }) };
    };
    const source: ViewSource = new ViewSource([layer("a")], view, nothing, () =>
      source.want({ left: 0, top: 0, ...source.size! }, source.size!),
    );
    await settle();
    expect(source.legend).toBe(legends.a);
    now = "b";
    source.refresh();
    await settle();
    expect(source.legend).toBeUndefined();
  });

  it("stays while the engine has nothing, where it keeps it, and is gone at once where it is not", async () => {
    for (const keeps of [true, false]) {
      const sizes: Record<string, { width: number; height: number }> = { a: { width: 20, height: 10 } };
      const { state, view } = engine(sizes);
      const source: ViewSource = new ViewSource(
        [layer("a")],
        view,
        nothing,
        () => show(),
        () => keeps,
      );
      const show = () => source.size && source.want({ left: 0, top: 0, ...source.size }, source.size);
      await settle();
      delete sizes.a;
      source.refresh("a");
      await settle();
      expect(source.tiles).toHaveLength(keeps ? 1 : 0);
      sizes.a = { width: 20, height: 10 };
      state.key = "2";
      source.refresh("b");
      await settle();
      expect(source.tiles.at(-1)?.key).toBe(keeps ? "1" : undefined);
      source.refresh("a");
      await settle();
      expect(source.tiles.at(-1)?.key).toBe("2");
    }
  });

  it("asks one thing at a time and drops what is no longer wanted", async () => {
    const { state, view } = engine({ a: { width: 4000, height: 3000 } });
    const source = new ViewSource([layer("a")], view, nothing, nothing);
    await settle();
    for (let left = 0; left < 50; left++) source.want({ left, top: 0, width: 100, height: 100 }, { width: 100, height: 100 });
    await settle();
    expect(state.most).toBe(1);
    expect(state.asked.length).toBeLessThan(6);
    expect(source.tiles.at(-1)?.region.left).toBe(49);
  });

  it("keeps a small bitmap of the whole beneath the part in view", async () => {
    const { view } = engine({ a: { width: 4000, height: 3000 } });
    const source = new ViewSource([layer("a")], view, nothing, nothing);
    await settle();
    source.want({ left: 10, top: 10, width: 50, height: 50 }, { width: 50, height: 50 });
    await settle();
    expect(source.tiles.map((tile) => [tile.region.width, tile.bitmap.width])).toEqual([
      [4000, 384],
      [50, 50],
    ]);
  });

  it("asks again for nothing that is unchanged, and for the same part when the picture changed", async () => {
    const { state, view } = engine({ a: { width: 100, height: 100 } });
    const source = new ViewSource([layer("a")], view, nothing, nothing);
    await settle();
    const whole = { left: 0, top: 0, width: 100, height: 100 };
    source.want(whole, { width: 100, height: 100 });
    await settle();
    const asked = state.asked.length;
    source.want(whole, { width: 100, height: 100 });
    await settle();
    expect(state.asked).toHaveLength(asked);
    state.key = "2";
    source.refresh();
    await settle();
    expect(state.asked).toHaveLength(asked + 1);
    expect(source.tiles.map((tile) => tile.key)).toEqual(["2"]);
  });

  it("is laid out anew when the picture comes in another size", async () => {
    const sizes = { a: { width: 100, height: 100 } };
    const { state, view } = engine(sizes);
    const seen: unknown[] = [];
    const source: ViewSource = new ViewSource([layer("a")], view, nothing, () => {
      seen.push(source.size);
      source.want({ left: 0, top: 0, ...source.size! }, source.size!);
    });
    await settle();
    sizes.a = { width: 400, height: 400 };
    state.key = "2";
    source.refresh();
    await settle();
    expect(seen).toEqual([
      { width: 100, height: 100 },
      { width: 400, height: 400 },
    ]);
    expect(source.tiles.at(-1)?.bitmap.width).toBe(400);
  });

  it("is empty while there is nothing to draw, and found after a refresh", async () => {
    const sizes: Record<string, { width: number; height: number }> = {};
    const { view } = engine(sizes);
    const source = new ViewSource([layer("a")], view, nothing, nothing);
    await settle();
    expect([source.size, source.searching]).toEqual([undefined, false]);
    sizes.a = { width: 3, height: 2 };
    source.refresh();
    await settle();
    expect(source.size).toEqual({ width: 3, height: 2 });
  });

  it("closes every bitmap it was given", async () => {
    const { state, view } = engine({ a: { width: 1000, height: 1000 } });
    const source = new ViewSource([layer("a")], view, nothing, nothing);
    await settle();
    for (const width of [1000, 300, 20]) {
      source.want({ left: 0, top: 0, width, height: width }, { width: 20, height: 20 });
      await settle();
    }
    state.key = "2";
    source.refresh();
    await settle();
    source.close();
    await settle();
    expect(state.open).toBe(0);
  });
});
