import { expect, it } from "vitest";
import { readSettings } from "../../src/editor/settings";

it("puts the large view below on a narrow page and beside the graph on a wide one", () => {
  expect(readSettings(null, 1280).dock).toBe("bottom");
  expect(readSettings(null, 1920).dock).toBe("right");
  expect(readSettings('{"dock":"right"}', 1280).dock).toBe("right");
});

it("takes what is stored field by field and anything odd as a default", () => {
  const odd = readSettings(
    '{"list":false,"right":"wide","bottom":99999,"auto":1,"dock":"left","kernels":"fast","look":"pink"}',
    1280,
  );
  expect(odd).toEqual({ ...readSettings(null, 1280), list: false });
  expect(readSettings('{"kernels":"stock"}', 1280).kernels).toBe("stock");
  expect(readSettings('{"look":"contrast"}', 1280).look).toBe("contrast");
  expect(readSettings("not json", 1280)).toEqual(readSettings(null, 1280));
  expect(readSettings("null", 1280)).toEqual(readSettings(null, 1280));
});
