import { text } from "../src/graph/node";
import { defineNode } from "./sockets";

/** Words for people, kept in the file. */
export default defineNode({
  type: "sftgan/note",
  title: "Note",
  description: "Words for people, kept in the graph's file. It computes nothing.",
  inputs: {},
  params: { text: text({ default: "", lines: true, help: "what it says" }) },
  outputs: {},

  run: () => ({}),
});
