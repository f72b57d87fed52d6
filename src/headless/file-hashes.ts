/** The content of files that a graph takes without saying what is in them: the weights that ship, and files by name alone. */
import { shippedFor } from "../engine/targets";
import { sha256 } from "../graph/file";
import { isOff } from "../graph/modes";
import { order } from "../graph/traverse";
import { isShipped, weightsNamed } from "../samples";
import { asset } from "./assets";
import { typeNamed } from "./catalog";
import { refsOf } from "./graph-file";
import type { Work } from "./work";

/** Of files that ship, which stay as they are while the program runs. */
const shipped = new Map<string, Promise<string>>();

function shippedHash(name: string): Promise<string> {
  const hash = shipped.get(name) ?? asset(name).then(sha256);
  shipped.set(name, hash);
  hash.catch(() => shipped.delete(name)); // so that the next one tries again
  return hash;
}

/**
 * A line for each such file that the results of `target` are made of, by name: the name and its SHA-256. `picture` is a node that
 * is given another file. A file that cannot be read is left out: the run says why.
 */
export async function fileHashes(work: Work, target: string, picture: string): Promise<string> {
  const { graph } = work;
  const running = order(graph, [target]).ids.filter((id) => id !== picture && !isOff(graph.get(id)!.mode));
  const refs = running.flatMap((id) => refsOf(graph.get(id)!)).map(([, ref]) => ref);
  const names = new Set([
    ...[...shippedFor(graph, [target], typeNamed)].map(weightsNamed),
    ...refs.filter(({ sha256, data }) => sha256 === undefined && data === undefined).map(({ name }) => name),
  ]);
  const hashOf = async (name: string) => (isShipped(name) ? shippedHash(name) : sha256(await work.file({ name })));
  const line = (name: string) =>
    hashOf(name).then(
      (hash) => `${name} ${hash}\n`,
      () => "",
    );
  return (await Promise.all([...names].sort().map(line))).join("");
}
