/** The built command line, run as people run it, in a folder of the test's own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect } from "vitest";
import { encodePng } from "../../src/codec/png-encode";
import type { Picture, Size } from "../../src/types";
import { readNpy } from "../../src/weights/npy";
import { build, root } from "../built";
import { fixture } from "../fixture";
import { random } from "../support";

const CLI = join(root, "dist/headless/cli.js");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What a program says until it ends. */
async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout.on("data", (data) => out.push(String(data)));
  child.stderr.on("data", (data) => err.push(String(data)));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out: out.join(""), err: err.join("") };
}

export class Program {
  folder = "";

  /** A folder and the built program, for the tests of one file. */
  static prepare(): Program {
    const program = new Program();
    beforeAll(async () => {
      await build();
      program.folder = await mkdtemp(join(tmpdir(), "sftgan-test-"));
    });
    afterAll(() => rm(program.folder, { recursive: true, force: true }));
    return program;
  }

  start(...args: readonly string[]) {
    return spawn(process.execPath, [CLI, ...args], { cwd: this.folder });
  }

  /** Starts it with a module of the test's own before it, such as one that makes the file system fail. */
  startHooked(hook: string, ...args: readonly string[]) {
    return spawn(process.execPath, ["--import", pathToFileURL(hook).href, CLI, ...args], { cwd: this.folder });
  }

  run(...args: readonly string[]): Promise<Ended> {
    return ended(this.start(...args));
  }

  /** The same with a module of the test's own before it. */
  runHooked(hook: string, ...args: readonly string[]): Promise<Ended> {
    return ended(this.startHooked(hook, ...args));
  }

  /** Runs what has to fail, with one message: no stack, nothing on standard output. Returns the message. */
  async fails(code: number, ...args: readonly string[]): Promise<string> {
    const ended = await this.run(...args);
    expect(ended.err).toMatch(/^sftgan: .+\n$/);
    expect(ended.err).not.toMatch(/\n\s+at |Error:/);
    expect(ended.out).toBe("");
    expect(ended.code).toBe(code);
    return ended.err.slice("sftgan: ".length, -1);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  async bytes(name: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(this.path(name)));
  }

  async npy(name: string) {
    return readNpy(await this.bytes(name), name);
  }

  /** A file of test/fixtures under its own name. */
  async fixture(name: string): Promise<string> {
    return this.write(name, await fixture(name));
  }

  /** A PNG of noise. */
  async noise(name: string, { width, height }: Size): Promise<string> {
    const next = random(width * height);
    const rgb = Uint8Array.from({ length: 3 * width * height }, () => 255 * next());
    return this.picture(name, { width, height, bits: 8, rgb });
  }

  async picture(name: string, picture: Picture): Promise<string> {
    return this.write(name, await encodePng(picture));
  }

  /** One of the ready graphs, changed. */
  async graph(name: string, change: (graph: StoredJson) => void = () => {}): Promise<string> {
    const graph = JSON.parse(await readFile(join(root, "graphs", `${name}.json`), "utf8")) as StoredJson;
    change(graph);
    return this.write(`${name}.json`, JSON.stringify(graph));
  }
}

/** A stored graph as a test changes it. */
export interface StoredJson {
  nodes: { id: number; type: string; title?: string; properties: Record<string, unknown> }[];
  links: (number | string)[][];
  extra: Record<string, unknown>;
}

/** Largest difference between an array and a fixture's. */
export async function distance(actual: { shape: number[]; data: Float32Array }, name: string): Promise<number> {
  const expected = readNpy(await fixture(name), name);
  expect(actual.shape).toEqual(expected.shape);
  return actual.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected.data[i]!)), 0);
}
