/** A picture that is shown until the engine has one. */
import { expect, it } from "vitest";
import { Poster } from "../../../src/editor/viewer/poster";

function drawn() {
  const log: string[] = [];
  const context = {
    setTransform() {},
    clearRect() {},
    drawImage: (_: unknown, x: number, y: number, width: number) => log.push(`${x} ${y} ${width}`),
  } as unknown as CanvasRenderingContext2D;
  const poster = new Poster(() => {});
  const draw = (key: string | undefined) => poster.draw(context, { width: 100, height: 60 }, 0, key);
  return { log, poster, draw };
}
const bitmap = (width: number, height: number, closed: string[] = []) =>
  ({ width, height, close: () => closed.push(`${width}`) }) as unknown as ImageBitmap;

it("A poster lies where the picture will lie, until the engine has another than when it was asked for", async () => {
  const closed: string[] = [];
  const { log, poster, draw } = drawn();
  expect(draw(undefined)).toBe(false);
  await poster.put(Promise.resolve(bitmap(20, 10, closed)), "old");
  expect([draw("old"), draw("old")]).toEqual([true, true]);
  expect(log[0]).toBe("0 5 100"); // enlarged by whole pixels, in the middle
  expect(draw("new")).toBe(false);
  expect([poster.isThere, closed]).toEqual([false, ["20"]]);
});

it("One that comes after the engine's picture, or after another, is not shown", async () => {
  const closed: string[] = [];
  const { poster, draw } = drawn();
  let come = (_: ImageBitmap): void => {};
  const late = poster.put(new Promise<ImageBitmap>((resolve) => (come = resolve)), undefined);
  expect(draw("engine's")).toBe(false);
  come(bitmap(8, 8, closed));
  await late;
  expect([draw("engine's"), closed]).toEqual([false, ["8"]]);
  const first = poster.put(Promise.resolve(bitmap(4, 4, closed)), "a");
  await poster.put(Promise.resolve(undefined), "a");
  await first;
  expect([draw("a"), closed]).toEqual([false, ["8", "4"]]);
});
