/** Every regular expression of the program takes time in proportion to its text (Node only, since it reads the sources). */
import { readdirSync, readFileSync } from "node:fs";
import { check } from "recheck";
import { parseAst } from "vite";
import { describe, expect, it } from "vitest";

const ROOT = new URL("..", import.meta.url);

const FILES = ["src", "nodes"].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `${folder}/${name}`),
);

interface Found {
  readonly pattern: string;
  readonly flags: string;
}

/** The literals in a syntax tree, and how many expressions it makes of texts, which nobody can look at beforehand. */
function expressionsIn(tree: unknown): { readonly literals: readonly Found[]; readonly made: number } {
  const literals: Found[] = [];
  let made = 0;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    const { regex, callee } = node as { regex?: Found; callee?: { name?: string } };
    if (regex) literals.push(regex);
    if (callee?.name === "RegExp") made++;
    for (const [key, child] of Object.entries(node)) if (key !== "regex") visit(child);
  };
  visit(tree);
  return { literals, made };
}

const found = FILES.map((file) => ({
  file,
  ...expressionsIn(parseAst(readFileSync(new URL(file, ROOT), "utf8"), { lang: "ts" })),
}));
const safe = async ({ pattern, flags }: Found) => (await check(pattern, flags, { timeout: 30_000 })).status === "safe";

describe("Regular expressions", () => {
  it("are known as slow where they are", async () => {
    expect(await safe({ pattern: "^(<!--.*?-->\\s*)*<svg", flags: "s" })).toBe(false);
    expect(await safe({ pattern: "\\d+$", flags: "" })).toBe(false);
  });

  it("are written out, none made of a text", () => {
    expect(found.filter(({ made }) => made > 0).map(({ file }) => file)).toEqual([]);
    expect(found.flatMap(({ literals }) => literals).length).toBeGreaterThan(50);
  });

  it("take time in proportion to their text", { timeout: 240_000 }, async () => {
    const once = new Map(
      found.flatMap(({ file, literals }) => literals.map((one) => [`/${one.pattern}/${one.flags}`, { file, one }])),
    );
    const slow: string[] = [];
    for (const [text, { file, one }] of once) if (!(await safe(one))) slow.push(`${file}: ${text}`);
    expect(slow).toEqual([]);
  });
});
