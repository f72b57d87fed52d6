import { describe, expect, it } from "vitest";
import * as g from "../../../src/editor/viewer/geometry";

const viewport = { width: 800, height: 600 };
const photo = { width: 4000, height: 3000 };

describe("the large view's geometry", () => {
  it("fits a large picture into the view, centred", () => {
    expect(g.fit(photo, viewport)).toEqual({ scale: 0.2, x: 0, y: 0 });
    expect(g.fit(photo, viewport, 20).scale).toBeCloseTo(560 / 3000);
  });

  it("enlarges a small picture by a whole number", () => {
    expect(g.fit({ width: 160, height: 120 }, viewport)).toEqual({ scale: 5, x: 0, y: 0 });
    expect(g.fit({ width: 300, height: 290 }, viewport).scale).toBe(2);
    expect(g.fit({ width: 1, height: 1 }, viewport).scale).toBe(g.MAX_SCALE);
  });

  it("keeps the picture's point under the pointer while zooming", () => {
    const before = g.fit(photo, viewport);
    const after = g.zoomTo(before, 1, 300, 200, photo, viewport);
    expect(g.pixelAt(after, 300, 200, photo)).toEqual(g.pixelAt(before, 300, 200, photo));
    expect(after.scale).toBe(1);
  });

  it("zooms neither past its largest nor past half of the fitting scale", () => {
    const at = g.fit(photo, viewport);
    expect(g.zoomTo(at, 1e9, 0, 0, photo, viewport).scale).toBe(g.MAX_SCALE);
    expect(g.zoomTo(at, 1e-9, 0, 0, photo, viewport).scale).toBeCloseTo(0.1);
  });

  it("never lets the picture be pushed out of sight", () => {
    const far = g.pan(g.fit(photo, viewport), 1e6, -1e6, photo, viewport);
    expect(g.visibleRegion(far, photo, viewport)).toBeDefined();
  });

  it("asks for the part in view only, at the size it is shown", () => {
    const at = { scale: 0.5, x: -1000, y: -500 };
    const region = g.visibleRegion(at, photo, viewport);
    expect(region).toEqual({ left: 2000, top: 1000, width: 1600, height: 1200 });
    expect(g.bitmapSize(region!, at.scale)).toEqual({ width: 800, height: 600 });
  });

  it("asks for the picture's own pixels where it is enlarged", () => {
    const at = { scale: 8, x: -4, y: -4 };
    const region = g.visibleRegion(at, photo, viewport);
    expect(region).toEqual({ left: 0, top: 0, width: 101, height: 76 });
    expect(g.bitmapSize(region!, at.scale)).toEqual({ width: 101, height: 76 });
    expect(g.regionOnScreen(at, region!)).toEqual({ left: -4, top: -4, width: 808, height: 608 });
  });

  it("asks for little even of a picture of 12 × 80000", () => {
    const strip = { width: 12, height: 80_000 };
    const whole = g.fit(strip, viewport);
    const size = g.bitmapSize(g.visibleRegion(whole, strip, viewport)!, whole.scale);
    expect(size.width).toBeGreaterThanOrEqual(1);
    expect(size.height).toBeLessThanOrEqual(600);
    const close = g.zoomTo(whole, 2, 400, 300, strip, viewport);
    const region = g.visibleRegion(close, strip, viewport)!;
    expect(region.height).toBeLessThanOrEqual(301);
  });

  it("finds the same part in a picture of another size", () => {
    const small = { width: 1000, height: 750 };
    expect(g.regionIn(small, { left: 2000, top: 1000, width: 1600, height: 1200 }, photo)).toEqual({
      left: 500,
      top: 250,
      width: 400,
      height: 300,
    });
    const corner = g.regionIn({ width: 1, height: 1 }, { left: 3999, top: 2999, width: 1, height: 1 }, photo);
    expect(corner).toEqual({ left: 0, top: 0, width: 1, height: 1 });
  });

  it("lays both pictures of a comparison over one another", () => {
    const at = { scale: 0.5, x: 10, y: 20 };
    expect(g.placementOf({ width: 1000, height: 750 }, at, photo)).toEqual({ sx: 2, sy: 2, x: 10, y: 20 });
  });

  it("keeps the part in view when the picture becomes a larger one of the same scene, and not of another", () => {
    const at = { scale: 4, x: -100, y: -50 };
    expect(g.carryOver(at, { width: 160, height: 120 }, { width: 640, height: 480 }, viewport)).toEqual({
      scale: 1,
      x: -100,
      y: -50,
    });
    expect(g.carryOver(at, { width: 160, height: 120 }, { width: 640, height: 640 }, viewport)).toBeUndefined();
    expect(g.carryOver({ ...at, scale: 60 }, { width: 640, height: 480 }, { width: 160, height: 120 }, viewport)).toBeUndefined();
  });

  it("grows a part to one of few sizes, inside the picture", () => {
    expect(g.inFewSizes({ left: 101, top: 7, width: 200, height: 120 }, photo)).toEqual({
      left: 100,
      top: 4,
      width: 256,
      height: 128,
    });
    expect(g.inFewSizes({ left: 3900, top: 2990, width: 100, height: 10 }, photo)).toEqual({
      left: 3872,
      top: 2872,
      width: 128,
      height: 128,
    });
    expect(g.inFewSizes({ left: 3, top: 3, width: 40, height: 30 }, { width: 48, height: 40 })).toEqual({
      left: 0,
      top: 0,
      width: 48,
      height: 40,
    });
  });

  it("names the pixel under the pointer, and none beside the picture", () => {
    const at = { scale: 4, x: 100, y: 100 };
    expect(g.pixelAt(at, 107, 112, photo)).toEqual({ x: 1, y: 3 });
    expect(g.pixelAt(at, 99, 112, photo)).toBeUndefined();
  });

  it("reads a zoom as people type it, and nothing else", () => {
    expect(["200", " 100 %", "12,5%", "0.5"].map(g.zoomOf)).toEqual([2, 1, 0.125, 0.005]);
    expect(["", "0", "-100", "1e3", "fit", "100 % 2"].map(g.zoomOf)).toEqual(Array(6).fill(undefined));
  });

  it("says the zoom with as many digits as it needs", () => {
    expect([1, 0.375, 0.0421, 0.0004].map(g.zoomText)).toEqual(["100 %", "38 %", "4.2 %", "0.04 %"]);
  });
});
