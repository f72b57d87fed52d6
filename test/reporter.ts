/** Ends a run with one plain line, "12 passed, 0 failed", for those who read nothing else. */
import type { SerializedError } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: errors.length };
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      const failed = states.filter((state) => state === "failed").length;
      count.passed += states.filter((state) => state === "passed").length;
      count.failed += failed;
      if (failed === 0 && module.state() === "failed") count.failed++; // a file that could not be loaded
    }
    process.once("exit", () => process.stdout.write(`${count.passed} passed, ${count.failed} failed\n`));
  }
}
