import { beforeEach, describe, expect, it } from "vitest";
import { Camera } from "../../src/editor/camera";
import { pinch } from "../../src/editor/pointers";

const PICTURE = { width: 100, height: 80 };
const LARGE = { width: 400, height: 320 };
const VIEWPORT = { width: 520, height: 440 };

describe("The place of the picture in the large view", () => {
  let moves = 0;
  let camera: Camera;
  beforeEach(() => {
    camera = new Camera(() => moves++);
    camera.resize(VIEWPORT, 10);
    camera.show(PICTURE);
    moves = 0;
  });

  it("is none without a picture, without room, and after the picture has gone", () => {
    const fresh = new Camera(() => {});
    fresh.show(PICTURE);
    expect([fresh.placed, fresh.seen(), fresh.spotAt({ x: 0, y: 0 })]).toEqual([undefined, undefined, undefined]);
    camera.show(undefined);
    expect([camera.placed, camera.seen(), camera.pixelAt({ x: 100, y: 100 })]).toEqual([undefined, undefined, undefined]);
    camera.pan(5, 5);
    camera.zoom(2);
    camera.zoomTo(1);
    camera.show(PICTURE);
    expect(camera.fitted).toBe(true);
  });

  it("has no part in view while there is no room", () => {
    camera.resize({ width: 0, height: 440 }, 10);
    expect(camera.seen(0.2)).toBeUndefined();
  });

  it("fits with a margin until it is moved, whatever picture comes", () => {
    expect(camera.placed).toEqual({ at: { scale: 5, x: 10, y: 20 }, whole: PICTURE });
    camera.show(LARGE);
    expect(camera.placed).toEqual({ at: { scale: 1, x: 60, y: 60 }, whole: LARGE });
    camera.resize({ width: 1000, height: 1000 }, 10);
    expect(camera.placed!.at).toEqual({ scale: 2, x: 100, y: 180 });
    expect(camera.fitted).toBe(true);
  });

  it("once moved, shows the same part of another picture of the scene, also when there was none between", () => {
    camera.zoom(2, { x: 10, y: 20 });
    expect(camera.placed!.at).toEqual({ scale: 10, x: 10, y: 20 });
    const spot = camera.spotAt({ x: 210, y: 120 });
    expect(spot).toEqual({ x: 0.2, y: 0.125 });
    camera.show(undefined);
    camera.show(LARGE);
    expect(camera.placed!.at.scale).toBe(2.5);
    expect(camera.spotAt({ x: 210, y: 120 })).toEqual(spot);
    camera.show({ width: 90, height: 30 }); // of another scene
    expect(camera.placed!.at).toEqual({ scale: 5, x: 35, y: 145 });
    expect(camera.fitted).toBe(false);
    camera.fit();
    expect(camera.fitted).toBe(true);
  });

  it("stays when the viewport changes after it was moved", () => {
    camera.pan(7, -3);
    camera.resize({ width: 300, height: 300 }, 10);
    expect(camera.placed!.at).toEqual({ scale: 5, x: 17, y: 17 });
  });

  it("is one to one on whole device pixels", () => {
    camera.zoomTo(1, { x: 133, y: 101 });
    const { scale, x, y } = camera.placed!.at;
    expect([scale, x % 1, y % 1]).toEqual([1, 0, 0]);
    expect(camera.pixelAt({ x: 133, y: 101 })).toEqual({ x: 25, y: 16 });
  });

  it("follows two fingers: twice as far apart is twice as large, with the same spot between them", () => {
    const still = { x: 200, y: 200 };
    const between = camera.spotAt({ x: 250, y: 200 })!;
    pinch(camera, { x: 300, y: 200 }, { x: 400, y: 200 }, still);
    expect(camera.placed!.at.scale).toBe(10);
    expect(camera.spotAt({ x: 300, y: 200 })!.x).toBeCloseTo(between.x);
    expect(camera.spotAt({ x: 300, y: 200 })!.y).toBeCloseTo(between.y);
  });

  it("fits again when what is shown gets another size, and keeps the part in view of another of the same scene", () => {
    camera.show(PICTURE, "a");
    camera.zoom(4, { x: 260, y: 220 });
    camera.show(LARGE, "b");
    expect(camera.fitted).toBe(false);
    camera.show(undefined);
    camera.show(PICTURE, "b");
    expect(camera.fitted).toBe(true);
    expect(camera.seen()).toEqual({ left: 0, top: 0, ...PICTURE });
  });

  it("says once of each change that it has moved", () => {
    camera.pan(1, 1);
    camera.zoom(1.5);
    camera.zoomTo(1);
    camera.fit();
    camera.show(LARGE);
    camera.resize(PICTURE, 0);
    expect(moves).toBe(6);
  });

  it("has a part in view, and more of it where more is spared", () => {
    expect(camera.seen()).toEqual({ left: 0, top: 0, ...PICTURE });
    camera.zoom(4, { x: 260, y: 220 });
    expect(camera.seen()).toEqual({ left: 37, top: 29, width: 26, height: 22 });
    expect(camera.seen(0.5)).toEqual({ left: 24, top: 18, width: 52, height: 44 });
  });
});
