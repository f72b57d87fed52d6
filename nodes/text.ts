import { text as setting } from "../src/graph/node";
import { defineNode, text } from "./sockets";

/** A text that feeds parameters of several nodes. */
export default defineNode({
  type: "sftgan/text",
  title: "Text",
  description: "A text to feed parameters with, such as a class name for Constant Prior.",
  inputs: {},
  params: { value: setting({ default: "", help: "the text" }) },
  outputs: { value: text("the text") },

  run: (_, { value }) => ({ value }),
});
