/** An app's result as a file, named after the photo. */
import type { Engine } from "../../browser/protocol";
import { parseGraph } from "../../graph/parse";
import { download, pictureName } from "../../litegraph/download";
import { nameOfPicture } from "../../litegraph/saved-name";
import type { Computing } from "./computing";
import type { AppSession } from "./session";

/** Computes what is not there, and hands the file over. Gives its name. Rejects with an error. */
export async function savePicture(session: AppSession, computing: Computing, engine: Pick<Engine, "view">): Promise<string> {
  const { saving, title } = session.model;
  if (!saving) throw new Error("This graph gives no picture that can be saved: open it in the editor.");
  const { bytes, type } = await computing.encode(saving.graph, saving.node);
  const node = saving.graph.nodes.find(({ id }) => String(id) === saving.node);
  const parsed = parseGraph(saving.graph, session.definitions);
  const name = pictureName(await nameOfPicture(parsed, saving.node, node?.properties?.name, title, engine), type);
  download(bytes as Uint8Array<ArrayBuffer>, type, name);
  return name;
}
