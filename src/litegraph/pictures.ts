/** The pictures of a node's outputs as they come, grow old and are asked for. */
import type { Engine, View, ViewRequest } from "../browser/protocol";
import type { Size } from "../region";
import { type LGraph, type LGraphNode, nodesOf } from "./host";
import { type NodeState, type Picture, pictureOf } from "./state";

/** The longest side of a picture on a node, in device pixels. */
const LARGEST = 2048;
/** Pictures are asked for in steps of so many pixels, and anew where so many times as many are to be shown. */
const STEP = 16;
const LARGER = 1.2;

const requestOf = (node: LGraphNode, output: string, { width, height }: Size): ViewRequest => ({
  node: String(node.id),
  ...(output && { output }),
  width,
  height,
});

/** The size to ask for so that a picture can be shown at `width` × `height` device pixels: no more than there is of it. */
function sizeToAsk(picture: Picture, width: number, height: number): Size {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const side = (length: number, own = LARGEST): number => Math.min(own, Math.ceil((length * scale) / STEP) * STEP);
  const size = picture.stale ? undefined : picture.view?.size;
  return { width: side(width, size?.width), height: side(height, size?.height) };
}

/** The picture is of the node's present result, and as large as this, or nothing can be had. */
function isEnough(picture: Picture, { width, height }: Size): boolean {
  const isLarger = width > picture.width * LARGER || height > picture.height * LARGER;
  return !picture.stale && (picture.none || (picture.view !== undefined && !isLarger));
}

/** The picture that has come of an output; undefined: there is nothing to draw. */
export function put(state: NodeState, picture: Picture, view: View | undefined): void {
  picture.view?.bitmap.close();
  if (view) picture.view = view;
  else delete picture.view;
  picture.none = !view;
  if (view?.face) state.face = view.face;
}

/** The node's outputs have changed, or may have: its pictures are asked for again. */
export function outdate(state: NodeState): void {
  for (const picture of state.pictures.values()) Object.assign(picture, { stale: true, none: false });
}

/** The node shows something of a result. */
export const isShowing = ({ summary, pictures }: NodeState): boolean =>
  summary !== "" || [...pictures.values()].some(({ view }) => view);

/**
 * Asks for the picture of an output, to be shown at `size` in device pixels, unless it is there or on its way; `onPicture` is called
 * once it has come. An output of "" is the first that can be drawn.
 */
export function wantPicture(
  engine: Engine,
  state: NodeState,
  node: LGraphNode,
  output: string,
  { width, height }: Size,
  onPicture: () => void,
): void {
  const picture = pictureOf(state, output);
  if (picture.asking || width < 1 || height < 1) return;
  const size = sizeToAsk(picture, width, height);
  if (!picture.view) picture.awaited = size;
  if (state.phase !== "finished" || isEnough(picture, size)) return;
  Object.assign(picture, { asking: true, stale: false, ...size });
  engine
    .view(requestOf(node, output, picture))
    .catch(() => undefined)
    .then((view) => {
      picture.asking = false;
      if (state.pictures.get(output) !== picture) return view?.bitmap.close(); // forgotten meanwhile
      put(state, picture, view);
      onPicture();
    });
}

/** The pictures in view of nodes without a present result. `stateOf`: of a node that has shown something. */
export function wantedPictures(graph: LGraph, stateOf: (node: LGraphNode) => NodeState | undefined): ViewRequest[] {
  const canvases = (graph.list_of_graphcanvas ?? []) as readonly { visible_nodes?: readonly LGraphNode[] }[];
  const visible = new Set(canvases.flatMap(({ visible_nodes = [] }) => visible_nodes.map(({ id }) => id)));
  return nodesOf(graph).flatMap((node) => {
    const state = stateOf(node);
    const isCollapsed = (node.flags as { collapsed?: boolean }).collapsed;
    if (!state || state.phase === "finished" || state.phase === "off" || !visible.has(node.id) || isCollapsed) return [];
    return [...state.pictures].flatMap(([output, picture]) => {
      const size = picture.view ? picture : picture.awaited;
      return size ? [requestOf(node, output, size)] : [];
    });
  });
}
