/**
 * `vitest run`, and once more, with nothing beside them, those files in which Chromium lost a tab (its graphics process dies now
 * and then under software WebGL, and takes the tab with it: that is no result of the test), and up to FEW others that failed: a
 * test that passes then depends on what else the machine does, which is a fault to mend, and is named at the end. What fails
 * twice has failed. Ends with one plain line, "12 passed, 0 failed", for those who read nothing else.
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

/** More files than this fail together for a reason of the code's. */
const FEW = 3;
const hasFailed = (module) => module.state() === "failed";
const failures = (modules) =>
  modules.flatMap((module) =>
    [...module.children.allTests("failed")].map((test) => `${module.relativeModuleId} > ${test.fullName}`),
  );

let { modules, errors } = await run(filter);
const lost = modules.filter(lostTab);
const others = modules.filter((module) => hasFailed(module) && !lost.includes(module));
const again = [...lost, ...(others.length > FEW ? [] : others)];
let unsteady = [];
if (again.length > 0) {
  console.log(`Once more ${again.map(({ relativeModuleId }) => relativeModuleId).join(", ")}`);
  const files = again.map(({ moduleId }) => moduleId);
  const second = await run(files);
  const twice = failures(second.modules);
  unsteady = failures(again.filter((module) => !lost.includes(module))).filter((name) => !twice.includes(name));
  modules = [...modules.filter(({ moduleId }) => !files.includes(moduleId)), ...second.modules];
  errors += second.errors;
}

const count = { passed: 0, failed: errors };
for (const module of modules) {
  const states = testsOf(module).map(({ state }) => state);
  const failed = states.filter((state) => state === "failed").length;
  count.passed += states.filter((state) => state === "passed").length;
  count.failed += failed === 0 && hasFailed(module) ? 1 : failed; // 1: a file that could not be loaded
}
for (const name of unsteady) console.log(`Passed only the second time, mend it: ${name}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed > 0 || modules.length === 0 ? 1 : 0);
