/** Why a slot refuses a wire, and what mends it, for our own nodes. */
import { expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { converters, inputsFor, refusal, remedyText } from "../../../src/editor/wires/refusal";

const TYPES = ["image", "prior", "condition", "features", "model", "number", "text", "file"];

it("names what the wire carries, what the slot takes, and the nodes between them", () => {
  const image = refusal(definitions, "image", "prior");
  expect(image.why).toBe("an image is no prior");
  expect(remedyText(image)).toBe("add Segment, Depth to Prior or Map to Prior");
  expect(refusal(definitions, "prior", "condition")).toMatchObject({
    why: "a prior is no condition",
    remedies: [{ title: "Condition Net" }],
  });
  expect(refusal(definitions, "features", "text")).toEqual({ why: "features are no text", remedies: [] });
  expect(remedyText(refusal(definitions, "number", "model"))).toBe("");
});

it("offers only nodes that need nothing else: wired, they give the value at once", () => {
  for (const from of TYPES)
    for (const to of TYPES)
      for (const node of converters(definitions, from, to)) {
        const given = inputsFor(node, from);
        for (const [name, socket] of Object.entries(node.inputs) as [string, { type: string; optional?: boolean }][])
          expect(socket.optional || given.includes(name), `${node.title}.${name}`).toBe(true);
        expect(Object.values(node.outputs).some((socket) => (socket as { type: string }).type === to)).toBe(true);
      }
});
