/** A node's own picture as a file or on the clipboard, whether a Save is connected to it or not. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { Engine } from "../browser/protocol";
import { parseGraph } from "../graph/parse";
import { download, pictureName } from "../litegraph/download";
import { nameOfPicture } from "../litegraph/saved-name";
import { socketEntries } from "./catalog";
import { titleOf } from "./change";
import type { Commands } from "./commands/commands";
import type { GraphDocument } from "./document";
import type { NodeActions } from "./node-actions";
import type { Toasts } from "./toasts";
import { SAVE, type Saving, withSave } from "./with-save";

export interface NodePictureParts {
  readonly document: GraphDocument;
  readonly nodes: NodeActions;
  readonly engine: Pick<Engine, "encode" | "view">;
  readonly toasts: Toasts;
}

/** Beside the page's own graph, which stays what is shown. */
const SCOPE = "picture";

export function provideNodePictures(commands: Commands, { document, nodes, engine, toasts }: NodePictureParts): void {
  const one = (): LGraphNode | undefined => (nodes.selected.length === 1 ? nodes.selected[0] : undefined);
  /** The first output of a node that is a picture. */
  const outputOf = (node: LGraphNode | undefined): string | undefined =>
    node && socketEntries(nodes.definitionOf(node)?.outputs ?? {}).find(([, { type }]) => type === "image")?.[0];

  function savingOf(node: LGraphNode): Saving {
    const slot = node.findOutputSlot(outputOf(node)!);
    const saving = withSave(document.shown(), node.id, slot, nodes.definition(SAVE));
    if (!saving) throw new Error(`“${titleOf(node)}” gives no picture: choose another node`);
    return { ...saving, graph: document.around(saving.graph) };
  }
  const encode = ({ graph, node }: Saving) => engine.encode(graph, node, { scope: SCOPE });

  async function save(node: LGraphNode): Promise<void> {
    try {
      const saving = savingOf(node);
      const { bytes, type } = await encode(saving);
      const parsed = parseGraph(saving.graph, nodes.definitions);
      const name = pictureName(await nameOfPicture(parsed, saving.node, undefined, titleOf(node), engine), type);
      download(bytes as Uint8Array<ArrayBuffer>, type, name);
      toasts.show(`Saved: “${name}”`);
    } catch (error) {
      toasts.fail(error);
    }
  }

  async function copy(node: LGraphNode): Promise<void> {
    try {
      const made = encode(savingOf(node)).then(({ bytes, type }) => new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": made })]); // asked for at once, while the press is fresh
      toasts.show(`The picture of “${titleOf(node)}” is on the clipboard`);
    } catch (error) {
      toasts.fail(error);
    }
  }

  const isThere = (): boolean => outputOf(one()) !== undefined;
  const canCopy = "ClipboardItem" in globalThis && Boolean(navigator.clipboard?.write);
  commands.provide({
    "node.picture": { run: () => void save(one()!), available: isThere },
    "node.copyPicture": { run: () => void copy(one()!), available: () => canCopy && isThere() },
  });
}
