import { describe, expect, it } from "vitest";
import { COMMAND_IDS, infoOf } from "../../../src/editor/commands/table";
import {
  BRUSH_COMMANDS,
  type Brush,
  FIRST_BRUSH,
  nearestClass,
  SIZES,
  sizeFor,
  sizeToSlider,
  sliderToSize,
  Trace,
} from "../../../src/editor/painter/brush";
import { formatStroke, LIMITS, TOOLS } from "../../../src/prior/strokes";
import { CLASS_COLOURS, CLASSES } from "../../../src/types";

const after = (brush: Brush, command: string): Brush => BRUSH_COMMANDS[command]!(brush);

describe("The painter's commands", () => {
  it("take the eight classes, and the brush for them where the eraser was in hand", () => {
    for (const label of CLASSES.keys()) expect(after(FIRST_BRUSH, `paint.class${label}`)).toMatchObject({ label, tool: "brush" });
    expect(after({ ...FIRST_BRUSH, tool: "eraser" }, "paint.class3")).toMatchObject({ label: 3, tool: "brush" });
    expect(after({ ...FIRST_BRUSH, tool: "lasso" }, "paint.class3")).toMatchObject({ label: 3, tool: "lasso" });
  });

  it("take the tools", () => {
    for (const tool of TOOLS) expect(after(FIRST_BRUSH, `paint.${tool}`).tool).toBe(tool);
  });

  it("change size and hardness within bounds", () => {
    expect(after(FIRST_BRUSH, "paint.larger").size).toBeGreaterThan(FIRST_BRUSH.size);
    expect(after(FIRST_BRUSH, "paint.smaller").size).toBeLessThan(FIRST_BRUSH.size);
    let brush = FIRST_BRUSH;
    for (let i = 0; i < 60; i++) brush = after(after(brush, "paint.smaller"), "paint.softer");
    expect(brush).toMatchObject({ size: SIZES.min, hardness: 0 });
    for (let i = 0; i < 60; i++) brush = after(after(brush, "paint.larger"), "paint.harder");
    expect(brush).toMatchObject({ size: SIZES.max, hardness: 1 });
  });

  it("are those of the table", () => {
    const own = COMMAND_IDS.filter((id) => infoOf(id).place === "paint");
    expect(Object.keys(BRUSH_COMMANDS).sort()).toEqual([...own].sort());
  });
});

describe("The size slider", () => {
  it("reaches from the least size to the most, evenly by ratio", () => {
    expect([sliderToSize(0), sliderToSize(100)]).toEqual([SIZES.min, SIZES.max]);
    expect(sliderToSize(50) ** 2).toBeCloseTo(SIZES.min * SIZES.max, -1);
    for (const at of [0, 13, 50, 87, 100]) expect(Math.abs(sizeToSlider(sliderToSize(at)) - at)).toBeLessThanOrEqual(1);
  });

  it("begins with a size that suits the picture", () => {
    expect(sizeFor({ width: 12, height: 10 })).toBe(1);
    expect(sizeFor({ width: 480, height: 320 })).toBe(32);
    expect(sizeFor({ width: 9000, height: 9000 })).toBe(64);
  });
});

describe("A moving pointer", () => {
  const brush = { ...FIRST_BRUSH, size: 10 };

  it("becomes a stroke of points some way apart, the last one always among them", () => {
    const trace = new Trace(brush, { x: 0, y: 0 });
    for (let i = 1; i <= 1000; i++) trace.add({ x: i / 100, y: 0 });
    const { points } = trace.stroke!;
    expect(points.length / 2).toBeLessThan(20);
    expect(points.slice(0, 2)).toEqual([0, 0]);
    expect(points.slice(-2)).toEqual([10, 0]);
  });

  it("that does not move is a dot, a fill one point, and an outline of two corners nothing", () => {
    expect(new Trace(brush, { x: 3, y: 4 }).stroke!.points).toEqual([3, 4]);
    const fill = new Trace({ ...brush, tool: "fill" }, { x: 3, y: 4 });
    fill.add({ x: 9, y: 9 });
    expect(fill.stroke!.points).toEqual([3, 4]);
    const lasso = new Trace({ ...brush, tool: "lasso" }, { x: 0, y: 0 });
    lasso.add({ x: 5, y: 5 });
    expect(lasso.stroke).toBeUndefined();
  });

  it("that is a pen says how hard it presses", () => {
    const trace = new Trace(brush, { x: 0, y: 0, pressure: 0.5 });
    trace.add({ x: 5, y: 0, pressure: 0 });
    expect(trace.stroke!.pressures).toEqual([0.5, 0.05]);
    expect(new Trace(brush, { x: 0, y: 0 }).stroke).not.toHaveProperty("pressures");
  });

  it("ends as hard as it was pressed: a pen that is lifted says nothing of that any more", () => {
    const trace = new Trace(brush, { x: 0, y: 0, pressure: 0.5 });
    trace.add({ x: 5, y: 0, pressure: 0.2 });
    trace.add({ x: 9, y: 0 });
    expect(trace.stroke!.pressures).toEqual([0.5, 0.2, 0.2]);
  });

  it("can always be stored, wherever it goes and however long", () => {
    const trace = new Trace(brush, { x: -1e9, y: 0 });
    for (let i = 0; i < LIMITS.points + 10; i++) trace.add({ x: i * 10, y: -i });
    expect(() => formatStroke(trace.stroke!)).not.toThrow();
  });
});

describe("The class under the pointer", () => {
  it("is that of the nearest colour", () => {
    for (const [label, [r, g, b]] of CLASS_COLOURS.entries()) expect(nearestClass(r + 5, g - 5, b + 4)).toBe(label);
  });
});
