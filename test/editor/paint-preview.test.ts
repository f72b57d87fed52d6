import { describe, expect, it } from "vitest";
import type { View } from "../../src/browser/protocol";
import { PaintPreview, partAround } from "../../src/editor/paint-preview";
import type { Scene } from "../../src/editor/viewer";

const picture = { width: 96, height: 72 };

describe("The part of a result around the pen", () => {
  it("lies around it on whole low-resolution pixels, inside the picture", () => {
    expect(partAround({ x: 0.5, y: 0.5 }, picture, 24)).toEqual({ left: 128, top: 80, width: 128, height: 128 });
    expect(partAround({ x: 0, y: 1.2 }, picture, 24)).toEqual({ left: 0, top: 160, width: 128, height: 128 });
    const { left, top } = partAround({ x: 0.513, y: 0.487 }, picture, 24);
    expect([left % 4, top % 4]).toEqual([0, 0]);
  });

  it("comes in two sizes, for small brushes and for large ones", () => {
    const sides = [0.5, 32, 33, 64, 256].map((brush) => partAround({ x: 0.5, y: 0.5 }, { width: 500, height: 400 }, brush).width);
    expect(sides).toEqual([128, 128, 256, 256, 256]);
  });

  it("is no larger than the picture", () => {
    expect(partAround({ x: 0.5, y: 0.5 }, { width: 12, height: 10 }, 24)).toEqual({ left: 0, top: 0, width: 48, height: 40 });
  });
});

describe("Parts that have come", () => {
  const region = { left: 40, top: 20, width: 128, height: 128 };
  let open = 0;
  const view = (key: string): View => {
    open++;
    const bitmap = { width: 128, height: 128, close: () => void open-- } as ImageBitmap;
    return { bitmap, size: { width: 384, height: 288 }, key };
  };
  const scene = (key: string, whole = { width: 384, height: 288 }): Scene => ({
    at: { scale: 2, x: 10, y: 30 },
    whole,
    key,
    over: () => {},
    overKey: undefined,
  });
  /** Where pictures were drawn. */
  function drawn(draw: (context: CanvasRenderingContext2D) => void): number[][] {
    const calls: number[][] = [];
    const nothing = () => {};
    const context = {
      canvas: { width: 800, height: 600 },
      drawImage: (_: unknown, ...place: number[]) => calls.push(place),
      ...Object.fromEntries(["save", "restore", "stroke", "setLineDash"].map((name) => [name, nothing])),
    } as unknown as CanvasRenderingContext2D;
    const { Path2D, devicePixelRatio } = globalThis;
    const path = class {
      rect = nothing;
    };
    Object.assign(globalThis, { Path2D: Path2D ?? path, devicePixelRatio: devicePixelRatio ?? 1 });
    try {
      draw(context);
    } finally {
      Object.assign(globalThis, { Path2D, devicePixelRatio });
    }
    return calls;
  }

  it("are drawn where they belong until the result itself is shown", () => {
    const preview = new PaintPreview();
    preview.add(region, view("new"), "old");
    const over = (key: string) => drawn((context) => preview.drawOver(context, scene(key)));
    expect(over("old")).toEqual([[10 + 80, 30 + 40, 256, 256]]);
    preview.computed();
    expect(over("old"), "computed, but not yet shown").toHaveLength(1);
    expect(over("new")).toEqual([]);
    expect(open).toBe(0);
  });

  it("are drawn beside the pen over the photo, at its zoom, and always in sight", () => {
    const preview = new PaintPreview();
    preview.add(region, view("new"), undefined);
    const photo = scene("photo", { width: 96, height: 72 });
    const inset = (x: number, y: number) => drawn((context) => preview.drawInset(context, photo, { x, y }))[0]!;
    const [x, y, width, height] = inset(0.1, 0.1);
    expect([width, height]).toEqual([64, 64]); // 32 pixels of the photo, two to each of the screen's
    expect([x! > 10 + 0.1 * 192, y! > 30 + 0.1 * 144]).toEqual([true, true]);
    const [right] = inset(4, 0.1);
    expect(right! + 64).toBeLessThanOrEqual(800);
    expect(drawn((context) => preview.drawInset(context, photo, undefined))).toEqual([]);
    preview.computed();
    expect(drawn((context) => preview.drawInset(context, photo, { x: 0.1, y: 0.1 }))).toEqual([]);
    expect(open).toBe(0);
  });

  it("are closed when there are many, and when they are dropped", () => {
    const preview = new PaintPreview();
    for (let i = 0; i < 100; i++) preview.add(region, view(String(i)), "old");
    expect(open).toBe(32);
    preview.clear();
    expect(open).toBe(0);
  });
});
