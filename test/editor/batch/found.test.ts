import { afterEach, expect, it, vi } from "vitest";
import { choosePhotos } from "../../../src/editor/batch/found";

const file = (name: string, webkitRelativePath = "") => Object.assign(new File(["x"], name), { webkitRelativePath });

/** The page's file chooser, which gives these files; none: it is cancelled. */
function chooser(files: readonly File[]) {
  const input = Object.assign(new EventTarget(), {
    files,
    multiple: false,
    webkitdirectory: false,
    click: () => void input.dispatchEvent(new Event(files.length > 0 ? "change" : "cancel")),
  });
  vi.stubGlobal("document", { createElement: () => input });
  return input;
}
afterEach(() => void vi.unstubAllGlobals());

it("A folder gives its pictures in the order of their names, with their places in it", async () => {
  const input = chooser([file("b.png", "trip/b.png"), file("notes.txt", "trip/notes.txt"), file("a.jpg", "trip/day 1/a.jpg")]);
  expect((await choosePhotos("folder"))!.map(({ path }) => path)).toEqual(["b.png", "day 1/a.jpg"]);
  expect(input.webkitdirectory).toBe(true);
});

it("Where a browser chooses no folders, several files stand in for one", async () => {
  const input = chooser([file("10.png"), file("9.png")]); // the browser has taken no notice of `webkitdirectory`
  expect((await choosePhotos("folder"))!.map(({ path }) => path)).toEqual(["9.png", "10.png"]);
  expect(input.multiple).toBe(true);
});

it("A folder without pictures is another thing than none that was chosen", async () => {
  chooser([file("notes.txt", "trip/notes.txt")]);
  expect(await choosePhotos("folder")).toEqual([]);
  chooser([]);
  expect([await choosePhotos("folder"), await choosePhotos("files")]).toEqual([undefined, undefined]);
});
