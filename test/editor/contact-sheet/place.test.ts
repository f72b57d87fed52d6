import { expect, it } from "vitest";
import ready from "../../../graphs/contact-sheet.json";
import { definitions } from "../../../nodes";
import { sheetPlaceOf } from "../../../src/editor/contact-sheet/place";
import { cleanGraph } from "../../../src/graph/clean";

const graph = cleanGraph(ready);
const definition = (type: string) => definitions.find((def) => def.type === type);

it("A contact sheet knows its outputs, its photo, and whether there is a prior of the user's", () => {
  expect(sheetPlaceOf(graph, 4, definition)).toEqual({
    label: "Contact Sheet",
    sheet: { node: "4", output: "sheet" },
    regions: { node: "4", output: "regions" },
    photo: { node: "1", output: "image" },
    hasYours: true,
  });
  const alone = { ...graph, links: [] };
  expect(sheetPlaceOf(alone, 4, definition)).toMatchObject({ photo: undefined, hasYours: false });
});

it("Other nodes have no contact sheet", () => {
  expect(graph.nodes.filter(({ id }) => sheetPlaceOf(graph, id, definition)).map(({ id }) => id)).toEqual([4]);
  expect(sheetPlaceOf(graph, 99, definition)).toBe(undefined);
});
