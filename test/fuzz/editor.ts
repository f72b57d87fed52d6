/**
 * The editor's state: any sequence of edits, undo, redo, runs, stops, strokes, takes and opened files, on litegraph's own graph
 * without a page. Undo and redo are exact, what is refused changes nothing, and what was opened is all there.
 */
import fc from "fast-check";
import type { GraphCanvas } from "../../src/editor/canvas";
import { GraphDocument } from "../../src/editor/document";
import { cutOut, merge } from "../../src/editor/fragment";
import { cutOffer, keepTake, offersIn } from "../../src/editor/takes/keeping";
import { cleanGraph } from "../../src/graph/clean";
import { isRecord } from "../../src/graph/json";
import type { Param } from "../../src/graph/node";
import type { StoredGraph } from "../../src/graph/stored";
import { withTakes } from "../../src/graph/takes";
import { attach, load, patch, save } from "../../src/litegraph";
import { nodesOf } from "../../src/litegraph/host";
import { addStroke, type Stroke } from "../../src/prior/strokes";
import { definitions, FakeEngine, LGraph, type LGraphNode, LiteGraph, turn } from "../litegraph/fake";
import { graphs, madeGraph, valueFor } from "./graph";
import { type Json, jsonLike, text } from "./json";
import { checkRefusal, holds, type Kind, same } from "./kind";

const byType = new Map(definitions.map((definition) => [definition.type, definition]));
const known = { definitions, definition: (type: string) => byType.get(type) };

const index = fc.nat(30);
const place = fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -2000, max: 2000 }));
const value = fc
  .constantFrom(...definitions.flatMap(({ params }) => Object.values(params as Record<string, Param>)))
  .chain(valueFor);
const stroke: fc.Arbitrary<Stroke> = fc.record({
  tool: fc.constantFrom("brush" as const, "eraser" as const),
  label: fc.nat(7),
  size: fc.integer({ min: 1, max: 64 }),
  hardness: fc.constantFrom(0, 0.5, 1),
  strength: fc.constantFrom(0.25, 1),
  points: fc.array(fc.tuple(fc.nat(600), fc.nat(600)), { minLength: 1, maxLength: 4 }).map((list) => list.flat()),
});

/** What the field for a name lets through. */
const title = text.map(
  (typed) =>
    typed
      .replace(/\p{Cc}+/gu, " ")
      .slice(0, 200)
      .trim() || "A name",
);

/** One thing that a person does. Nodes and parameters are counted round the ones there are. */
const step = fc.oneof(
  fc.record({ do: fc.constant("add" as const), type: index, at: place }),
  fc.record({ do: fc.constant("connect" as const), node: index, slot: fc.nat(3), to: index, input: fc.nat(4) }),
  fc.record({ do: fc.constant("set" as const), node: index, param: index, value }),
  fc.record({ do: fc.constantFrom("remove" as const, "disconnect" as const, "collapse" as const), node: index }),
  fc.record({ do: fc.constantFrom("move" as const, "resize" as const), node: index, at: place }),
  fc.record({ do: fc.constant("rename" as const), node: index, title }),
  fc.record({ do: fc.constant("title" as const), title }),
  fc.record({ do: fc.constant("paint" as const), node: index, stroke }),
  fc.record({
    do: fc.constantFrom("open" as const, "paste" as const),
    graph: fc.oneof(fc.constantFrom(...graphs), jsonLike(graphs), madeGraph),
  }),
  fc.record({ do: fc.constantFrom("undo" as const, "redo" as const) }),
  fc.record({ do: fc.constantFrom("undo" as const, "redo" as const) }),
  fc.record({
    do: fc.constantFrom(
      "keep" as const,
      "duplicate" as const,
      "run" as const,
      "stop" as const,
      "wait" as const,
      "clear" as const,
    ),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A graph as text, without what no person did: the order of names and of computing, the next ids, a flag that is off. */
const textOf = (graph: StoredGraph): string => JSON.stringify({ ...graph, last_node_id: 0, last_link_id: 0 }, inOrder);

function inOrder(name: string, value: unknown): unknown {
  if (!isRecord(value)) return name === "order" ? 0 : value;
  const entries = Object.entries(value).filter(([key, inner]) => !(name === "flags" && key === "collapsed" && !inner));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As much of the page as the document knows of. */
function fakeCanvas(): GraphCanvas {
  const canvas = {
    selected_nodes: {} as Record<number, LGraphNode>,
    showAnew() {},
    setDirty() {},
    deselectAllNodes() {
      canvas.selected_nodes = {};
    },
    selectNodes(nodes: readonly LGraphNode[]) {
      canvas.selected_nodes = Object.fromEntries(nodes.map((node) => [node.id, node]));
    },
  };
  return canvas as unknown as GraphCanvas;
}

/** An editor, and every state it has been in. */
class Editor {
  readonly graph = new LGraph();
  readonly engine = new FakeEngine();
  readonly page = new EventTarget();
  readonly document: GraphDocument;
  readonly runner;
  readonly states: Set<string>;

  constructor() {
    (globalThis as { document?: unknown }).document = this.page;
    this.document = new GraphDocument(this.graph, fakeCanvas(), { read: cleanGraph, load, patch, save });
    this.runner = attach(this.graph, { engine: this.engine, auto: false });
    this.states = new Set([this.now()]);
  }

  now(): string {
    return textOf(this.document.stored());
  }

  close(): void {
    this.runner.detach();
    delete (globalThis as { document?: unknown }).document;
  }

  node(at: number): LGraphNode | undefined {
    const nodes = nodesOf(this.graph);
    return nodes[at % nodes.length];
  }

  async act(step: Step): Promise<void> {
    const before = this.now();
    const { document, graph } = this;
    switch (step.do) {
      case "add":
        return document.edit(step.do, () => {
          const node = LiteGraph.createNode(definitions[step.type % definitions.length]!.type) as LGraphNode;
          node.pos = [...step.at];
          graph.add(node);
        });
      case "connect": {
        const [from, to] = [this.node(step.node), this.node(step.to)];
        if (from?.outputs?.length && to?.inputs?.length)
          document.edit(step.do, () => void from.connect(step.slot % from.outputs.length, to, step.input % to.inputs.length));
        return;
      }
      case "set": {
        const node = this.node(step.node);
        const names = Object.keys(node?.properties ?? {});
        if (node && names.length)
          document.edit(step.do, () => node.setProperty(names[step.param % names.length]!, structuredClone(step.value)));
        return;
      }
      case "remove": {
        const node = this.node(step.node);
        if (node) document.edit(step.do, () => graph.remove(node));
        return;
      }
      case "disconnect": {
        const node = this.node(step.node);
        if (node?.inputs?.length) document.edit(step.do, () => void node.disconnectInput(step.node % node.inputs.length));
        return;
      }
      case "collapse": {
        const node = this.node(step.node);
        if (node) document.edit(step.do, () => node.collapse(false));
        return;
      }
      case "move":
      case "resize": {
        const node = this.node(step.node);
        if (!node) return;
        document.hold();
        if (step.do === "move") node.pos = [...step.at];
        else node.setSize(node.computeSize().map((least, axis) => least + Math.abs(step.at[axis]!)) as [number, number]);
        return document.release({ label: step.do, cosmetic: true });
      }
      case "rename": {
        const node = this.node(step.node);
        if (node) document.edit(step.do, () => Object.assign(node, { title: step.title }), { cosmetic: true });
        return;
      }
      case "title":
        document.title = step.title;
        return;
      case "paint": {
        const node = this.node(step.node);
        const painted = node?.properties.strokes;
        if (node && typeof painted === "string")
          this.attempt(() => document.edit(step.do, () => node.setProperty("strokes", addStroke(painted, step.stroke))));
        return;
      }
      case "open":
        return this.open(step.graph, before);
      case "paste":
      case "duplicate": {
        if (step.do === "duplicate" && nodesOf(graph).length > 60) return;
        this.attempt(() => {
          const from = step.do === "paste" ? cleanGraph(step.graph) : document.stored();
          const part = cutOut(from, new Set(from.nodes.map(({ id }) => id)));
          const merged = merge(document.stored(), part, [0, 0]);
          document.replace(merged.graph, "paste", { fit: false, select: merged.ids });
        });
        return;
      }
      case "keep":
        return this.attempt(() => {
          const stored = document.stored();
          const [offer] = offersIn(stored, known);
          const { takes } = keepTake(stored, cutOffer(stored, offer, known), offer!);
          const { extra } = graph as unknown as { extra: { sftgan: object } };
          document.edit(step.do, () => Object.assign(extra, { sftgan: withTakes(extra.sftgan, takes) }));
        });
      case "undo":
      case "redo":
        return this.travel(step.do);
      case "clear":
        return document.clear();
      case "run":
        void this.runner.run().catch((error: unknown) => checkRefusal(error, undefined));
        return;
      case "stop":
        return this.runner.cancel();
      case "wait":
        return turn();
    }
  }

  /** What is refused changes nothing. */
  attempt(act: () => void): void {
    this.document.capture();
    const before = this.now();
    try {
      act();
    } catch (error) {
      checkRefusal(error, undefined);
      same(this.now(), before, "what was refused changed the graph");
    }
  }

  open(json: Json, before: string): void {
    this.attempt(() => {
      const clean = cleanGraph(json);
      this.document.replace(structuredClone(json), "open");
      checkWhole(clean, this.document.stored());
      if (this.now() === before) return; // no step
      this.document.undo();
      same(this.now(), before, "opening a graph, undone,");
      this.document.redo();
    });
  }

  /** There and back again is where one was, and where one comes to is where one has been. */
  travel(way: "undo" | "redo"): void {
    const back = way === "undo" ? "redo" : "undo";
    this.document.capture();
    const before = this.now();
    this.states.add(before);
    const moved = this.document[way]() !== undefined;
    const after = this.now();
    if (!moved) {
      same(after, before, `nothing to ${way}, and the graph`);
      return;
    }
    holds(this.states.has(after), `${way} led to a state that never was: ${after}`);
    this.document[back]();
    same(this.now(), before, `${way} and ${back}`);
    this.document[way]();
    same(this.now(), after, `${way} for the second time`);
  }

  /** Back to the beginning and forward again. */
  finish(): void {
    const { document } = this;
    document.capture();
    while (document.redo() !== undefined);
    const end = this.now();
    const way = [end];
    while (document.undo() !== undefined) way.push(this.now());
    for (const state of way) holds(this.states.has(state), `undo led to a state that never was: ${state}`);
    way.pop();
    while (way.length) {
      document.redo();
      same(this.now(), way.pop(), "redo after undo to the beginning");
    }
    holds(document.redo() === undefined, "there is something to redo at the end");
    const copy = new LGraph();
    load(copy, JSON.parse(end));
    same(textOf(save(copy)), end, "a graph stored, opened and stored again differs");
  }
}

/** Somebody's class makes nodes of the type, and may give them more than their file has. */
const isRegistered = (type: string): boolean => {
  const types = LiteGraph.registered_node_types as unknown as Record<string, { placeholderFor?: string }>;
  return Object.hasOwn(types, type) && types[type]?.placeholderFor === undefined;
};

/** Every node of the file is there, with its type and properties; those of unregistered types as they were. */
function checkWhole(file: StoredGraph, stored: StoredGraph): void {
  const nodes = new Map(stored.nodes.map((node) => [node.id, node]));
  holds(nodes.size === file.nodes.length, `of ${file.nodes.length} nodes ${nodes.size} were opened`);
  for (const { inputs, outputs, order, ...fields } of file.nodes) {
    const { id, type, properties = {} } = fields;
    const node = nodes.get(id);
    holds(node?.type === type, `node ${id} of type ${type} became ${node?.type}`);
    for (const [name, value] of Object.entries(properties))
      if (!name.includes("<")) same(node.properties?.[name], value, `${name} of node ${id} (${type})`);
    if (isRegistered(type)) continue;
    for (const [name, value] of Object.entries(fields))
      same((node as unknown as Record<string, unknown>)[name], value, `${name} of the external node ${id} (${type})`);
  }
}

export const editorState: Kind<readonly Step[]> = {
  name: "editor",
  runs: 80,
  ending: "json",
  inputs: fc.array(step, { minLength: 1, maxLength: 30 }),
  async check(steps) {
    const editor = new Editor();
    try {
      for (const step of steps) {
        await editor.act(step);
        if (step.do === "run" || step.do === "stop") continue;
        editor.states.add(editor.now());
      }
      editor.finish();
    } finally {
      editor.close();
    }
  },
};
