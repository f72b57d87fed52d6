import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import type { Param, Socket } from "../../src/graph/node";
import { checkParam } from "../../src/graph/param";

const TYPES = ["image", "prior", "condition", "features", "model", "number", "text", "file"];

describe.each(definitions.map((def) => [def.title, def] as const))("%s", (_, def) => {
  const [inputs, outputs] = [def.inputs, def.outputs].map((sockets) => Object.entries(sockets) as [string, Socket][]);
  const params = Object.entries(def.params) as [string, Param][];

  it("explains itself, its sockets and its parameters", () => {
    expect(def.type).toMatch(/^sftgan\/[a-z-]+$/);
    expect(def.description).toMatch(/^[A-Z].*\.$/s);
    for (const [name, { help }] of [...inputs!, ...outputs!, ...params]) expect(help, name).toMatch(/\S/);
  });

  it("has sockets of the plugin's types, and none named like a parameter", () => {
    for (const [name, { type }] of [...inputs!, ...outputs!]) expect(TYPES, name).toContain(type);
    for (const [name] of params) expect(Object.keys(def.inputs)).not.toContain(name);
    if (def.type !== "sftgan/note") expect(outputs!.length).toBeGreaterThan(0);
  });

  it("has defaults that it accepts itself", () => {
    for (const [name, param] of params) expect(checkParam(name, param, param.default), name).toBeUndefined();
  });
});

describe("The list of nodes", () => {
  it("names every type and every title once", () => {
    expect(new Set(definitions.map(({ type }) => type)).size).toBe(definitions.length);
    expect(new Set(definitions.map(({ title }) => title)).size).toBe(definitions.length);
  });
});
