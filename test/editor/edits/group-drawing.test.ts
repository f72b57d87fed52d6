/** What is drawn of groups, on a context that notes it. */
import { expect, it } from "vitest";
import { drawGroups } from "../../../src/editor/edits/group-drawing";
import { defaultTheme } from "../../../src/litegraph/theme";

function drawn(scale: number, title = "Prior", width = 300) {
  const texts: string[] = [];
  const context = new Proxy({ font: "", fillStyle: "" } as Record<string, unknown>, {
    get: (target, key: string) => {
      if (key in target) return target[key];
      if (key === "measureText") return (text: string) => ({ width: 10 * text.length });
      if (key === "fillText") return (text: string) => texts.push(`${text} ${target.font} ${target.fillStyle}`);
      return () => {};
    },
  }) as unknown as CanvasRenderingContext2D;
  const group = { title, color: "#88A", pos: [0, 0], size: [width, 200] };
  const away = { ...group, title: "Away", pos: [5000, 0] };
  drawGroups(context, [group, away], [-10, -10, 1000, 1000], defaultTheme, scale);
  return texts;
}

it("Each group in view has its name, in the colour of text, as large as can be read", () => {
  expect(drawn(1)).toEqual([`Prior 600 18px ${defaultTheme.font} ${defaultTheme.text}`]);
  expect(drawn(0.5)[0]).toMatch(/^Prior 600 26px/);
  expect(drawn(0.1)[0]).toMatch(/^Prior 600 36px/);
});

it("A name ends at the frame's edge", () => {
  const [text = ""] = drawn(1, "A very long name of a group", 100);
  expect(text).toMatch(/^A ver.*…/);
  expect(drawn(1, "None", 20)).toEqual([]);
});
