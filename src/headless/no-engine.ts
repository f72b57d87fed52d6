/** What the built package has under Node in place of src/browser/client.ts. */
import type { Engine } from "../browser/protocol";

export function createEngine(): Engine {
  throw new Error("the engine needs a browser: under Node run graphs by the command sftgan");
}
