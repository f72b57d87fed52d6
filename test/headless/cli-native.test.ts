/** What the command line computes on: `--device`, `--threads`, `--memory`, and the process that computes. */
import { readdir, readFile } from "node:fs/promises";
import { listSupportedBackends } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { Program } from "./program";

const program = Program.prepare();

/** What Linux says of a process, from its state on; nothing where there is none. */
async function statOf(pid: number | string): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
/** Processes whose parent `pid` is. */
async function childrenOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  for (const name of (await readdir("/proc")).filter((name) => /^\d+$/.test(name)))
    if (Number((await statOf(name))[1]) === pid) found.push(Number(name));
  return found;
}
/** Hundredths of a second of the processor that a process has taken. */
const timeOf = async (pid: number): Promise<number> => Number((await statOf(pid))[11]);
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const until = async (done: () => boolean | Promise<boolean>) => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
};

/** A module that hides the package, as npm does when it passes over it. */
const WITHOUT_ONNXRUNTIME = `
  import { register } from "node:module";
  const hooks = \`export function resolve(name, context, next) {
    if (name === "onnxruntime-node") throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  }\`;
  register("data:text/javascript," + encodeURIComponent(hooks));
`;

describe("The command line", () => {
  it("computes the same by onnxruntime, in as many threads as it is told, and on WebAssembly", async () => {
    await program.noise("small.png", { width: 17, height: 11 });
    const graph = await program.graph("sft-gan", ({ nodes }) => {
      nodes[0]!.properties.file = { name: "small.png" };
    });
    const backends: unknown[] = [];
    for (const [name, ...options] of [
      ["native", "--threads", "1", "--memory", "1"],
      ["wasm", "--device", "wasm"],
    ] as const) {
      const outs = ["Upsample", "Condition Net", "SFT ResBlock×N", "Segment"].flatMap((node, i) => [
        "--out",
        `${node}=${name}-${i}.npy`,
      ]);
      const ended = await program.run("run", graph, ...outs, ...options, "--json");
      expect(ended).toMatchObject({ code: 0, err: "" });
      backends.push(JSON.parse(ended.out).backend);
    }
    expect(backends).toEqual([
      { name: "onnxruntime", device: "cpu", threads: 1 },
      { name: "wasm", simd: true },
    ]);
    for (const i of [0, 1, 2, 3]) {
      const [a, b] = await Promise.all(["native", "wasm"].map((name) => program.npy(`${name}-${i}.npy`)));
      expect(a!.shape).toEqual(b!.shape);
      expect(a!.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b!.data[i]!)), 0)).toBeLessThan(1e-4);
    }
  });

  it("says what is there where a device is not, and what an option must be", async () => {
    await program.noise("in.png", { width: 4, height: 4 });
    const refused = (code: number, ...options: string[]) => program.fails(code, "upscale", "in.png", "out.png", ...options);
    const missing = process.platform === "win32" ? "coreml" : "dml";
    expect(await refused(5, "--device", missing)).toMatch(
      new RegExp(`--device ${missing} is not there: this machine's onnxruntime has cpu(, \\w+)*, wasm$`),
    );
    expect(await refused(2, "--device", "gpu")).toBe('--device is "gpu": it must be one of cpu, webgpu, cuda, dml, coreml, wasm');
    for (const threads of ["0", "1.5", "many"])
      expect(await refused(2, "--threads", threads)).toBe(`--threads is "${threads}": it must be a whole number from 1 to 1024`);
    for (const memory of ["0", "-1", "half", ""])
      expect(await refused(2, `--memory=${memory}`)).toBe(
        `--memory is "${memory}": it must be a number of gigabytes from 0.5 to 4096`,
      );
  });

  it("says how onnxruntime is brought where npm has left it out, once, and computes on WebAssembly", async () => {
    const hook = await program.write("without.mjs", WITHOUT_ONNXRUNTIME);
    for (const name of ["a.png", "b.png"]) await program.noise(name, { width: 4, height: 4 });
    const run = (...options: string[]) =>
      program.runHooked(hook, "upscale", "a.png", "b.png", "without", "--model", "lite", ...options);
    const remedy =
      "its package is not installed; the npm install that brought sftgan, given again with ONNXRUNTIME_NODE_INSTALL=skip before it, brings it";
    expect(await run("--device", "cpu")).toEqual({
      code: 5,
      out: "",
      err: `sftgan: --device cpu is not there, as onnxruntime is not (${remedy}): give --device wasm\n`,
    });
    const { code, out, err } = await run();
    expect({ code, err }).toEqual({
      code: 0,
      err: `sftgan: onnxruntime is not there (${remedy}): computing on WebAssembly, which takes many times as long\n`,
    });
    expect(out).toContain("2 enlarged");
  });

  it("fails once, not picture by picture, on a device that is there and does not work", async () => {
    await program.noise("one.png", { width: 4, height: 4 });
    await program.noise("two.png", { width: 4, height: 4 });
    const known = listSupportedBackends().map(({ name }) => name);
    for (const device of ["webgpu", "cuda", "dml", "coreml"].filter((name) => known.includes(name))) {
      const { code, out, err } = await program.run("upscale", "one.png", "two.png", `by-${device}`, "--device", device);
      if (code === 0) expect(out, device).toContain("2 enlarged");
      else {
        expect({ code, out }, device).toEqual({ code: 5, out: "" });
        expect(err, device).toMatch(new RegExp(`^sftgan: --device ${device} does not work on this machine: leave it out .*\n$`));
      }
    }
  });

  it.runIf(process.platform === "linux").each(["SIGINT", "SIGKILL"] as const)(
    "leaves no process behind when ended by %s while it computes",
    async (signal) => {
      await program.noise("large.png", { width: 700, height: 500 });
      const child = program.start("upscale", "large.png", `${signal}.png`, "--threads", "1");
      const closed = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
      let computing: number[] = [];
      await until(async () => {
        computing = await childrenOf(child.pid!);
        const times = await Promise.all(computing.map(timeOf));
        return times.some((time) => time > 80); // more than it takes to begin: it computes
      });
      expect(computing.every(isThere)).toBe(true);
      child.kill(signal);
      expect(await closed).toBe(signal === "SIGINT" ? 130 : null);
      await until(() => !computing.some(isThere));
    },
  );
});
