import { priorFacts, priorWarnings } from "../src/sftgan/guard";
import { defineNode, modelOrShipped, prior, text } from "./sockets";

/** Says what is unusual about a prior, and lets it through. */
export default defineNode({
  type: "sftgan/check-prior",
  title: "Check Prior",
  description: "Says whether a prior is like those the weights were trained on. It is handed on as it is, whatever is said.",
  sink: "always",
  inputs: {
    prior: prior("the prior to check"),
    model: modelOrShipped("sftgan", "generator weights it is meant for; unconnected: those that ship with the package"),
  },
  params: {},
  outputs: { prior: prior("the same prior"), report: text("one sentence") },

  async run({ prior, model }, _, context) {
    const warnings = priorWarnings(prior, model, await priorFacts(prior, context));
    return {
      prior,
      report: warnings.length ? `unlike what the weights know: ${warnings.join("; ")}` : "like what the weights know",
    };
  },
});
