import { expect, test } from "vitest";
import { absence } from "../../../src/editor/viewer/absence";

test("the large view says why there is no picture: none chosen, not run, waiting, running, failed, nothing to draw", () => {
  const titles = [undefined, "idle", "waiting", "running", "failed", "finished"] as const;
  const said = titles.map((phase) => absence(phase && { phase }, true)[0]);
  expect(said).toEqual(["No picture selected", "Nothing to show yet", "Waiting", "Being computed", "No picture", "No picture"]);
});

test("of a node that failed it repeats the node's message", () => {
  expect(absence({ phase: "failed", error: "The crop is 0 pixels wide: give it at least 1." }, false)[1]).toMatch(
    /0 pixels wide/,
  );
});

test("nothing waits where nothing runs: it says how to begin", () => {
  expect(absence({ phase: "waiting" }, false)).toEqual(absence({ phase: "idle" }, false));
});
