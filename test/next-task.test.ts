import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { nextTask } from "../src/next-task";

it("Comes after what has been promised, and before a timer that is not due", async () => {
  const order: string[] = [];
  const timer = setTimeout(() => order.push("timer"), 1000);
  const turn = nextTask().then(() => order.push("task"));
  Promise.resolve().then(() => order.push("promise"));
  await turn;
  clearTimeout(timer);
  expect(order).toEqual(["promise", "task"]);
});

it("Keeps no process alive after its turn", async () => {
  const code = `${nextTask.toString().replace(/^/, "const nextTask = ")}; nextTask().then(() => console.log("turned"))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { timeout: 20_000 });
  expect(stdout).toBe("turned\n");
});
