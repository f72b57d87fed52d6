/**
 * `vitest run`, and once more those files in which Chromium lost a tab (its graphics process dies now and then under software
 * WebGL, and takes the tab with it): that is no result of the test. What fails then has failed. Ends with one plain line,
 * "12 passed, 0 failed", for those who read nothing else.
 */
import { parseCLI, startVitest } from "vitest/node";

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const testsOf = (module) => [...module.children.allTests()].map((test) => test.result());
const lostTab = (module) =>
  [...module.errors(), ...testsOf(module).flatMap(({ errors }) => errors ?? [])].some(({ message }) =>
    /\b(Target|Page) crashed\b/.test(message),
  );

/** Runs the files that `filters` name; gives their results and how much failed outside of tests. */
async function run(filters) {
  const vitest = await startVitest("test", filters, options);
  await vitest.close();
  return { modules: vitest.state.getTestModules(), errors: vitest.state.getUnhandledErrors().length };
}

let { modules, errors } = await run(filter);
const lost = modules.filter(lostTab);
if (lost.length > 0) {
  console.log(`Chromium lost a tab: once more ${lost.map(({ relativeModuleId }) => relativeModuleId).join(", ")}`);
  const again = await run(lost.map(({ moduleId }) => moduleId));
  modules = [...modules.filter((module) => !lost.includes(module)), ...again.modules];
  errors += again.errors;
}

const count = { passed: 0, failed: errors };
for (const module of modules) {
  const states = testsOf(module).map(({ state }) => state);
  const failed = states.filter((state) => state === "failed").length;
  count.passed += states.filter((state) => state === "passed").length;
  count.failed += failed === 0 && module.state() === "failed" ? 1 : failed; // 1: a file that could not be loaded
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || modules.length === 0 ? 1 : 0);
