/**
 * Placeholders for nodes of a type that nobody registered: drawn as such, moved and rewired like any other, and stored again
 * under their own type with everything their file said.
 */
import { cleanGraph, LIMITS } from "../graph/clean";
import type { StoredGraph, StoredNode, StoredSlot } from "../graph/stored";
import { graphIn, INPUT, OUTPUT, SUBGRAPH } from "../graph/subgraphs";
import { drawOutline, drawState } from "./drawing";
import { type LGraphNode, type LiteGraphHost, type NodeClass, plain } from "./host";
import type { Look } from "./layout";
import { drawMode } from "./mode";
import { safeFields } from "./node";
import { drawSketch } from "./sketch";
import { linksAt } from "./slots";
import { stateOf } from "./state";
import { wrap } from "./text";
import { slotColours, socketColour, type Theme, themeOf } from "./theme";

type Info = Parameters<LGraphNode["configure"]>[0];
const TITLES: ReadonlyMap<string, string> = new Map([
  [SUBGRAPH, "Subgraph"],
  [INPUT, "Subgraph input"],
  [OUTPUT, "Subgraph output"],
]);
/** It shows no picture. */
const NO_LOOK: Look = { kind: "none", large: false, legend: false };

type Record_ = Readonly<Record<string, unknown>>;

/** The name of the placeholder class for `type`, registered here if it is new. */
export function placeholderOf(host: LiteGraphHost, type: string): string {
  const types = host.registered_node_types as unknown as Record<string, NodeClass>;
  // litegraph writes a node's type into the page as HTML, and looks types up on an object with a prototype
  const safe = /^[^<>&"'`\\]{1,200}$/.test(type) && !(type in {});
  if (safe) {
    if (!Object.hasOwn(types, type)) host.registerNodeType(type, placeholderClass(host, type) as never);
    return type;
  }
  const known = Object.keys(types).find((name) => types[name]!.placeholderFor === type);
  if (known) return known;
  const count = Object.keys(types).filter((name) => name.startsWith("unknown/")).length;
  const name = `unknown/${count + 1}`;
  host.registerNodeType(name, placeholderClass(host, type) as never);
  return name;
}

function placeholderClass(host: LiteGraphHost, type: string): NodeClass {
  const theme = themeOf(host);
  // Of these nothing is missing: what a subgraph holds is run, and by its ports values come in and go out.
  const isPort = type === INPUT || type === OUTPUT;
  const isKnown = isPort || type === SUBGRAPH;
  class PlaceholderNode extends host.LGraphNode {
    static override title = TITLES.get(type) ?? plain(type);
    static desc = plain(`There is no node type "${type}" here`);
    static skip_list = true;
    static get color() {
      return isKnown ? theme.title : theme.badField;
    }
    static get bgcolor() {
      return theme.node;
    }
    static get title_text_color() {
      return isKnown ? theme.text : theme.bad;
    }
    static placeholderFor = type;
    static host = host;

    #stored: Record_ = {};
    #inside: StoredGraph | undefined;

    /** The graph that it holds. */
    get inside(): StoredGraph | undefined {
      return this.#inside;
    }

    override configure(info: Info): void {
      this.#stored = structuredClone(info) as unknown as Record_;
      this.#inside = insideOf(this.#stored);
      super.configure(safeFields(this.#stored) as unknown as Info);
      if (typeof this.#stored.title === "string") this.title = this.#stored.title;
      const { name } = ((this.#stored as unknown as StoredNode).properties ?? {}) as { name?: unknown };
      if (isPort && typeof name === "string") this.properties = { name };
      const { inputs, outputs } = this.#stored as unknown as StoredNode;
      const links = this.graph ? linksAt(this.graph, this.id) : [];
      const into = links.filter(({ target_id, target_slot }) => target_id === this.id && target_slot < LIMITS.slots);
      const from = links.filter(({ origin_id, origin_slot }) => origin_id === this.id && origin_slot < LIMITS.slots);
      this.inputs = slots(theme, inputs, Math.max(-1, ...into.map(({ target_slot }) => target_slot)) + 1).map((slot, i) => ({
        ...slot,
        link: into.find(({ target_slot }) => target_slot === i)?.id ?? null,
      }));
      this.outputs = slots(theme, outputs, Math.max(-1, ...from.map(({ origin_slot }) => origin_slot)) + 1).map((slot, i) => ({
        ...slot,
        links: from.filter(({ origin_slot }) => origin_slot === i).map(({ id }) => id),
      }));
      if (!this.#stored.size) this.size = this.computeSize();
    }

    override getTitle(): string {
      const { name } = this.properties;
      return isPort && name ? `${type === INPUT ? "In" : "Out"}: ${plain(String(name))}` : super.getTitle();
    }

    override serialize(): Info {
      const own = super.serialize() as unknown as Record<string, unknown>;
      const { inputs, outputs } = this.#stored as unknown as StoredNode;
      // litegraph's fields first, in one order, so that texts can be compared
      const out: Record<string, unknown> = { ...safeFields(own), ...structuredClone(this.#stored), ...safeFields(own), type };
      out.pos = [this.pos[0], this.pos[1]]; // litegraph's array is longer
      out.size = [this.size[0], this.size[1]];
      if (this.title === PlaceholderNode.title && this.#stored.title === undefined) delete out.title;
      const { name: port } = this.properties;
      if (isPort && typeof port === "string")
        out.properties = { ...structuredClone((this.#stored as unknown as StoredNode).properties), name: port };
      // slots that the file did not list are drawn for their wires only
      if (inputs)
        out.inputs = this.inputs.map((slot, i) => ({ ...inputs[i], ...name(slot, inputs[i]), link: slot.link ?? null }));
      if (outputs)
        out.outputs = this.outputs.map((slot, i) => ({
          ...outputs[i],
          ...name(slot, outputs[i]),
          links: slot.links?.length ? [...slot.links] : null,
        }));
      return out as unknown as Info;
    }

    override computeSize(): [number, number] {
      if (isPort) return [160, 26];
      return [220, Math.max(this.inputs?.length ?? 0, this.outputs?.length ?? 0) * 20 + 64];
    }

    override onDrawForeground(ctx: CanvasRenderingContext2D, canvas: unknown): void {
      const { collapsed } = this.flags as { collapsed?: boolean };
      if (this.#inside && !collapsed)
        drawState(ctx, this, NO_LOOK, stateOf(this), (canvas as { ds?: { scale: number } } | undefined)?.ds?.scale ?? 1);
      drawMode(ctx, this);
      if (isKnown) drawOutline(ctx, this, theme, host.NODE_TITLE_HEIGHT);
      if (collapsed || isPort) return;
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.bad;
      ctx.textAlign = "left";
      const top = Math.max(this.inputs.length, this.outputs.length) * 20 + 20;
      if (this.#inside) {
        ctx.save();
        ctx.globalAlpha = 0.55;
        drawSketch(ctx, this.#inside, this.size[0], this.size[1], (type) => socketColour(theme, type));
        ctx.restore();
        return;
      }
      const text = `unknown type "${type}": install the plugin it comes from, or delete the node`;
      wrap(text, this.size[0] - 20, 3, (part) => ctx.measureText(part).width).forEach((line, i) => {
        ctx.fillText(line, 10, top + i * 16);
      });
    }

    /** litegraph's "Properties" menu writes names into the page as HTML; this node shows none. */
    getExtraMenuOptions(_canvas: unknown, options: ({ content?: string } | null)[]): null {
      const at = options.findIndex((option) => option?.content === "Properties");
      if (at >= 0) options.splice(at, options[at + 1] === null ? 2 : 1);
      return null;
    }
  }
  Object.defineProperty(PlaceholderNode, "name", { value: "PlaceholderNode" });
  return PlaceholderNode as unknown as NodeClass;
}

/** The graph that a stored node holds, to be drawn; undefined where there is none that can be read. */
function insideOf(stored: Record_): StoredGraph | undefined {
  try {
    const inside = graphIn(stored as unknown as StoredNode);
    return inside && cleanGraph(inside);
  } catch {
    return undefined;
  }
}

/** Stored slots as litegraph's, at least `count` of them. Their types stay text in litegraph's menus. */
function slots(theme: Theme, stored: readonly StoredSlot[] | undefined, count: number) {
  const list = Array.isArray(stored) ? stored : [];
  return Array.from({ length: Math.min(LIMITS.slots, Math.max(list.length, count)) }, (_, i) => {
    const { name = "", type = 0 } = list[i] ?? {};
    return {
      name: String(name),
      type: (typeof type === "string" ? plain(type) : type) as string,
      nameLocked: true,
      ...slotColours(theme, type),
    };
  });
}

/** A slot without a stored one, beyond the file's list. */
const name = (slot: { name: string; type: unknown }, stored: StoredSlot | undefined) =>
  stored ? {} : { name: slot.name, type: slot.type };
