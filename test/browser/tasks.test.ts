/** Which of what is under way is stopped by what is asked for next. */
import { expect, it } from "vitest";
import { FORECAST, type Task, Tasks } from "../../src/browser/tasks";

/** Whether a task goes on after another. */
function survives([kind, scope]: [Task["kind"], string?], [nextKind, nextScope]: [Task["kind"], string?]): boolean {
  const tasks = new Tasks();
  const { stop } = tasks.add(kind, scope);
  tasks.add(nextKind, nextScope);
  return !stop.signal.aborted;
}

it("A run is stopped by a newer one of its graph, and one beside the page's graph by whatever that is asked for", () => {
  expect(survives(["run"], ["run"])).toBe(false);
  for (const kind of ["run", "save", "glance"] as const) expect(survives(["run", "takes"], [kind])).toBe(false);
  expect(survives(["run", "takes"], ["glance", FORECAST])).toBe(false);
  expect(survives(["run", "takes"], ["run", "takes"])).toBe(false);
  expect(survives(["run", "takes"], ["run", "paint"])).toBe(true);
  expect(survives(["run"], ["run", "takes"])).toBe(true);
  expect(survives(["run"], ["glance"])).toBe(true);
  expect(survives(["run"], ["save"])).toBe(true);
});

it("A glance is stopped by a newer one and by a run of its graph, a file being made by neither, and all by cancel", () => {
  expect(survives(["glance"], ["glance"])).toBe(false);
  expect(survives(["glance"], ["run"])).toBe(false);
  expect(survives(["glance"], ["save"])).toBe(true);
  expect(survives(["glance"], ["glance", FORECAST])).toBe(true);
  for (const kind of ["run", "save", "glance"] as const) expect(survives(["save"], [kind])).toBe(true);
  const tasks = new Tasks();
  const all = [tasks.add("save", undefined), tasks.add("run", "takes"), tasks.add("run", undefined)];
  expect(all.map(({ stop }) => stop.signal.aborted)).toEqual([false, true, false]);
  tasks.cancel();
  expect(all.every(({ stop }) => stop.signal.aborted)).toBe(true);
  expect(tasks.none).toBe(false);
  for (const task of all) tasks.delete(task);
  expect(tasks.none).toBe(true);
});
