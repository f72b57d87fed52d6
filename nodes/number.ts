import { number as setting } from "../src/graph/node";
import { defineNode, number } from "./sockets";

/** A number that feeds parameters of several nodes. */
export default defineNode({
  type: "sftgan/number",
  title: "Number",
  description: "A number to feed parameters with: connect it to several nodes to set them together.",
  inputs: {},
  params: { value: setting({ default: 0, help: "the number" }) },
  outputs: { value: number("the number") },

  run: (_, { value }) => ({ value }),
});
