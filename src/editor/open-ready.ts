/**
 * A ready graph takes the place of the one there is, and the photo that a person has brought goes along: it is what they want to see
 * it with. Where the ready graph holds more of its sample, such as a map that fits no other photo, it keeps its own until asked.
 */
import { PHOTO_LOADERS, photoPlace } from "../engine/ends";
import type { FileRef } from "../graph/node";
import { isRef } from "../graph/recipe";
import type { StoredGraph, StoredNode } from "../graph/stored";
import { flat, withValues } from "../graph/subgraphs";
import { isShipped } from "../samples";
import type { GraphDocument } from "./document";
import type { FileImport } from "./file-import";
import type { ReadyGraph } from "./graphs";
import type { NodeActions } from "./node-actions";
import type { Toasts } from "./toasts";

/** The title that nodes of a type have until they are given another. */
export type Titles = (type: string) => string | undefined;

/** The node that a graph's photo is in; undefined where there is none, or it could be several. */
export function photoNodeOf(graph: StoredGraph, titles: Titles): StoredNode | undefined {
  const all = flat(graph).graph.nodes.filter(({ type }) => PHOTO_LOADERS.includes(type));
  return photoPlace(all, ({ type, title }) => !title || title === titles(type));
}

/** The photo in a graph that is none of those that ship. */
export function ownPhotoOf(graph: StoredGraph, titles: Titles): FileRef | undefined {
  const file = photoNodeOf(graph, titles)?.properties?.file;
  return isRef(file) && !isShipped(file.name) ? file : undefined;
}

/** A ready graph with another photo; undefined where it has no place for one, or more of it goes with its own. */
export function withPhoto(graph: StoredGraph, photo: FileRef, titles: Titles): StoredGraph | undefined {
  const place = photoNodeOf(graph, titles);
  if (!place || flat(graph).graph.nodes.some((node) => node.id !== place.id && holdsSample(node))) return undefined;
  return withValues(graph, place.id, { file: photo });
}

const holdsSample = ({ properties }: StoredNode): boolean =>
  Object.values(properties ?? {}).some((value) => isRef(value) && value.name.startsWith("sample:"));

export interface ReadyParts {
  readonly document: Pick<GraphDocument, "stored" | "title">;
  readonly nodes: Pick<NodeActions, "definition" | "give">;
  readonly fileImport: Pick<FileImport, "openGraph">;
  readonly toasts: Pick<Toasts, "show">;
  /** Says what has been done. */
  say(text: string): void;
}

export interface ReadyOpener {
  open(one: ReadyGraph): void;
  /** Offers a photo to the graph there is, where more of it goes with its own; false where it takes any photo, or has no place for one. */
  offer(photo: FileRef): boolean;
}

export function createReadyOpener({ document, nodes, fileImport, toasts, say }: ReadyParts): ReadyOpener {
  const titles: Titles = (type) => nodes.definition(type)?.title;
  /** The photo that the ready graph which was opened last did not take: the next one may. */
  let waiting: FileRef | undefined;
  const offer: ReadyOpener["offer"] = (photo) => {
    const graph = document.stored();
    if (!photoNodeOf(graph, titles) || withPhoto(graph, photo, titles)) return false;
    waiting = photo;
    const use = (): void => {
      const place = photoNodeOf(document.stored(), titles);
      if (place) nodes.give([{ to: place.id, param: "file", value: photo }], [0, 0]);
    };
    toasts.show(
      `“${document.title}” keeps its own photo, because its map fits no other. To use “${photo.name}”, bring a map of it too.`,
      "info",
      [{ label: `Use “${photo.name}”`, act: use }],
    );
    return true;
  };
  return {
    offer,
    open({ graph, title }) {
      const photo = ownPhotoOf(document.stored(), titles) ?? waiting;
      const taken = photo && withPhoto(graph, photo, titles);
      if (!fileImport.openGraph(taken ?? graph, title)) return;
      waiting = taken ? undefined : photo;
      say(`“${title}” is open${taken ? ` with “${photo!.name}”` : ""}`);
      if (photo && !taken) offer(photo);
    },
  };
}
