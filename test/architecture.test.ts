/** Which part of the program may know which: imports point one way (Node only, since it reads the sources). */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { definitions } from "../nodes";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Import {
  readonly file: string;
  /** A path from the root, or a package's name. */
  readonly target: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const FILES = [...sources("src"), ...sources("nodes")].sort();

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")` and `new URL("x", import.meta.url)`. */
const STATEMENT =
  /^(?:import|export)\s+(type\s+)?((?:[^"';]*?\s+from\s+)?)["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']|new URL\(\s*["']([^"']+)["'],\s*import\.meta\.url/gm;

function importsOf(file: string): Import[] {
  return [...read(file).matchAll(STATEMENT)].map(([, type, names, fixed, dynamic, url]) => {
    const wanted = (fixed ?? dynamic ?? url)!;
    const target = wanted.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), wanted)) : wanted;
    const inBraces = /^\{(.*)\}\s+from\s+$/s.exec(names?.trimStart() ?? "")?.[1];
    const allTypes =
      inBraces
        ?.split(",")
        .map((name) => name.trim())
        .filter(Boolean)
        .every((name) => name.startsWith("type ")) ?? false;
    return { file, target, typeOnly: Boolean(type) || allTypes, dynamic: fixed === undefined };
  });
}
const IMPORTS = FILES.flatMap(importsOf);

/** The part of the program that a path belongs to: "src/image", "nodes", or a file at the top of src. */
const partOf = (path: string) => /^(src\/[^/]+|nodes)/.exec(path)?.[1]?.replace(/\.ts$/, "");

/** Contracts: their types may be imported where the code may not. */
const TYPES_FOR_ALL = ["src/graph/node", "src/browser/protocol"];

/** What the engine is made of; its hosts may use the same. */
const ENGINE_NEEDS = [
  "nodes",
  "src/graph",
  "src/codec",
  "src/image",
  "src/prior",
  "src/weights",
  "src/sftgan",
  "src/kernels",
  "src/samples",
];

/** What each part may import from others, beside itself, src/types, src/quoted and the contracts: parts, or single files. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/region": [],
  "src/types": [],
  "src/plain-types": [],
  "src/quoted": [],
  "src/time-text": [],
  "src/next-task": [],
  "src/abort": [],
  "src/graph": ["src/abort"],
  "src/webgl": ["src/next-task"],
  "src/webgpu": ["src/webgl", "src/next-task"],
  "src/samples": [],
  "src/codec": [],
  "src/image": [],
  "src/prior": ["src/image"],
  "src/weights": ["src/codec", "src/image", "src/prior", "src/graph/file"],
  "src/kernels": ["src/image", "src/weights/weights"],
  "src/sftgan": ["src/image", "src/prior", "src/weights", "src/kernels", "src/abort"],
  nodes: ["src/kernels", "src/graph", "src/codec", "src/image", "src/prior", "src/weights", "src/sftgan", "src/samples"],
  "src/toolkit": ["nodes/sockets", "src/graph", "src/image"],
  "src/testing": ["src/toolkit", "src/graph", "src/kernels"],
  "src/engine": [...ENGINE_NEEDS, "src/abort"],
  "src/browser": ["src/engine", "src/toolkit", ...ENGINE_NEEDS, "src/webgl", "src/webgpu", "src/abort", "src/next-task"],
  "src/headless": ["src/engine", "src/toolkit", ...ENGINE_NEEDS, "src/abort", "src/time-text"],
  "src/litegraph": [
    "src/graph",
    "src/engine/targets",
    "src/browser",
    "src/prior/depth-bins",
    "src/prior/legend",
    "src/image/legend",
    "src/image/palette",
    "src/samples",
  ],
  "src/index": ["src/litegraph", "src/browser", "src/graph"],
  "src/editor": [
    "src/index",
    "src/litegraph",
    "src/browser",
    "src/engine/ends",
    "src/graph",
    "src/codec",
    "src/prior/strokes",
    "src/prior/legend",
    "src/image/legend",
    "src/image/palette",
    "src/prior/contact-sheet",
    "src/prior/picks",
    "src/prior/flood",
    "src/next-task",
    "src/time-text",
    "src/samples",
  ],
};

describe("Imports", () => {
  it("are seen by this test", () => {
    expect(IMPORTS.length).toBeGreaterThan(FILES.length);
    expect(IMPORTS).toContainEqual({ file: "src/sftgan/stage.ts", target: "src/graph/node", typeOnly: true, dynamic: false });
    expect([...new Set(FILES.map(partOf))].filter((part) => !(part! in MAY_IMPORT))).toEqual([]);
  });

  it("point one way", () => {
    const wrong = IMPORTS.filter(({ file, target, typeOnly }) => {
      const [from, to] = [partOf(file)!, partOf(target)];
      if (!to || from === to || to === "src/region") return false;
      if (to === "src/quoted") return false;
      if (to === "src/plain-types") return false;
      if (to === "src/types") return from === "src/graph" || from === "src/webgl";
      if (typeOnly && TYPES_FOR_ALL.includes(target) && from !== "src/webgl" && from !== "src/graph") return false;
      return !MAY_IMPORT[from]!.some((allowed) => allowed === to || allowed === target);
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("leave the page without tfjs: what litegraph and the editor load at once reaches neither it nor the engine's core", () => {
    const loaded = new Set<string>();
    const reached: string[] = [];
    const exists = (path: string) => [path, `${path}.ts`, `${path}/index.ts`].find((candidate) => FILES.includes(candidate));
    const visit = (file: string, path: readonly string[]) => {
      if (loaded.has(file)) return;
      loaded.add(file);
      for (const { target, typeOnly, dynamic } of importsOf(file)) {
        if (typeOnly || dynamic) continue;
        if (target === "src/browser/core" || target.startsWith("@tensorflow/")) reached.push([...path, file, target].join(" → "));
        const next = exists(target);
        if (next) visit(next, [...path, file]);
      }
    };
    for (const file of FILES.filter((file) => /^src\/(litegraph|editor)\/|^src\/index/.test(file))) visit(file, []);
    expect(reached).toEqual([]);
  });

  it("name no host's own modules in what runs everywhere", () => {
    const everywhere = /^(nodes|src\/(types|graph|image|kernels|prior|sftgan|weights|engine|samples))/;
    const wrong = IMPORTS.filter(
      ({ file, target }) => everywhere.test(file) && /^node:|^sharp$|^litegraph|^comlink$|^idb-keyval$/.test(target),
    );
    expect(wrong).toEqual([]);
  });
});

describe("Every test that replaces modules or loads them twice", () => {
  it("has a process of its own, by vite.config.ts", () => {
    const alone = /const ALONE = \[([^\]]*)\]/.exec(read("vite.config.ts"))![1]!;
    const replacing = sources("test").filter((file) => /^\s*(await )?vi\.(do)?(mock|resetModules)\(/im.test(read(file)));
    expect(replacing.length).toBeGreaterThan(0);
    expect(replacing.filter((file) => !alone.includes(`"${file}"`))).toEqual([]);
  });
});

describe("Every file", () => {
  it("under nodes/ declares a node of the list", () => {
    const files = FILES.filter((file) => file.startsWith("nodes/") && !/\/(index|sockets)\.ts$/.test(file));
    expect(files.map((file) => file.slice(6, -3)).sort()).toEqual(
      definitions.map(({ type }) => type.slice("sftgan/".length)).sort(),
    );
    const list = importsOf("nodes/index.ts").map(({ target }) => `${target}.ts`);
    expect(files.filter((file) => !list.includes(file))).toEqual([]);
  });

  it("under nodes/ has a test of its own", () => {
    const together = ["compare", "number", "preview", "text"]; // in pass-through.test.ts
    const tests = readdirSync(join(ROOT, "test/nodes"));
    const missing = definitions
      .map(({ type }) => type.slice("sftgan/".length))
      .filter((name) => !together.includes(name) && !tests.includes(`${name}.test.ts`));
    expect(missing).toEqual([]);
  });

  it("begins by saying what it is for", () => {
    const silent = FILES.filter((file) => file.startsWith("src/")).filter(
      (file) => !/^(#!.*\n)?(\/\*\*?[\s\S]|\/\/ \S)/.test(read(file)),
    );
    expect(silent).toEqual([]);
    const undocumented = FILES.filter((file) => file.startsWith("nodes/")).filter((file) => !/\/\*\* \S/.test(read(file)));
    expect(undocumented).toEqual([]);
  });
});
