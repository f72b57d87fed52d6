/** Modes on the page: however they are set, what the engine is given, and what passes between our nodes and the page's. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { MODE } from "../../src/graph/modes";
import { parseGraph } from "../../src/graph/parse";
import { type Attachment, attach, load, save, stateOf } from "../../src/litegraph";
import {
  type Drain,
  definitions,
  FakeEngine,
  graphOf,
  LGraph,
  type LGraphNode,
  LiteGraph,
  type Source,
  storedNode,
} from "./fake";

let attachment: Attachment | undefined;
const attached = (graph: LGraph, auto = false) => {
  const engine = new FakeEngine();
  attachment = attach(graph, { engine, auto });
  return { engine, attachment };
};
afterEach(() => attachment?.detach());

const setMode = (node: LGraphNode, mode: number) => {
  (node as unknown as { mode: number }).mode = mode;
};
const changeMode = (node: LGraphNode, mode: number) =>
  (node as unknown as { changeMode(mode: number): boolean }).changeMode(mode);
const runs = (engine: FakeEngine) => parseGraph(engine.runs.at(-1)!, definitions);

describe("The mode of one of our nodes", () => {
  it.each([
    ["litegraph's menu", changeMode],
    ["a fork of litegraph, which assigns it", setMode],
  ])("is seen when %s sets it: the graph is run anew", async (_, set) => {
    const { graph, nodes } = graphOf("sftgan/load-lr", "test/sink");
    nodes[0]!.connect(0, nodes[1]!, 0);
    const { engine, attachment } = attached(graph, true);
    await attachment.run();
    for (const mode of [MODE.never, MODE.bypass, MODE.always]) {
      const before = engine.runs.length;
      set(nodes[1]!, mode);
      await vi.waitFor(() => expect(engine.runs.length).toBe(before + 1));
      expect(storedNode(engine.runs.at(-1)!, 2).mode).toBe(mode);
    }
    expect(changeMode(nodes[1]!, 77)).toBe(false);
  });

  it("that does not run is shown as off, its result gone, and shown again when it is back before the next run", async () => {
    const { graph, nodes } = graphOf("sftgan/load-lr", "test/sink");
    nodes[0]!.connect(0, nodes[1]!, 0);
    const { attachment } = attached(graph);
    await attachment.run();
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", summary: "6 × 4" });
    setMode(nodes[1]!, MODE.never);
    await vi.waitFor(() => expect(stateOf(nodes[1]!).phase).toBe("off"));
    setMode(nodes[1]!, MODE.always);
    await vi.waitFor(() => expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", summary: "6 × 4" }));
    setMode(nodes[1]!, MODE.never);
    await attachment.run([1]);
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "off", summary: "" });
  });

  it("“on trigger” adds slots for events that are kept, and an event runs the node and says when it has run", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/source");
    nodes[0]!.setSize([500, 600]);
    changeMode(nodes[0]!, MODE.onTrigger);
    expect([...nodes[0]!.size]).toEqual([500, 600]);
    nodes[1]!.addOutput("click", LiteGraph.EVENT);
    nodes[1]!.connect(1, nodes[0]!, "onTrigger");
    const again = new LGraph();
    load(again, save(graph));
    const [ours, button] = [again.getNodeById(1)!, again.getNodeById(2)!];
    expect([save(again).links, ours.inputs.at(-1)!.name, ours.outputs.at(-1)!.name]).toEqual([
      save(graph).links,
      "onTrigger",
      "onExecuted",
    ]);
    const { engine } = attached(again);
    const said = vi.fn();
    Object.assign(ours, { triggerSlot: said });
    button.triggerSlot(1, null as never);
    expect(said).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(said).toHaveBeenCalledWith(2, null));
    expect(engine.targets).toEqual([["1"]]);
  });
});

describe("The mode of one of the page's own nodes", () => {
  /** Source -> Drain with an output -> Everything.blocks */
  function between() {
    const made = graphOf<[Source, Drain, LGraphNode]>("test/source", "test/drain", "test/everything");
    const [source, middle, ours] = made.nodes;
    source.value = 7;
    for (const slot of [source.outputs[0]!, middle.inputs[0]!]) slot.type = "number";
    middle.addOutput("out", "number");
    ours.addInput("blocks", "number");
    source.connect(0, middle, 0);
    middle.connect(0, ours, "blocks");
    return made;
  }

  it("“bypass” lets through what feeds it", async () => {
    const { graph, nodes } = between();
    setMode(nodes[1], MODE.bypass);
    const { engine, attachment } = attached(graph);
    await attachment.run();
    const run = runs(engine);
    const { node } = run.get("3")!.inputs.blocks!;
    expect(run.get(node)).toMatchObject({ type: "sftgan/number", params: { value: 7 } });
    nodes[0].value = 8;
    await attachment.run();
    expect(runs(engine).get(node)!.params).toEqual({ value: 8 });
  });

  it("“never” is said by the engine on what needs it, and the node is not executed", async () => {
    const { graph, nodes } = graphOf<[Source, LGraphNode]>("test/source", "test/everything");
    nodes[0].connect(0, nodes[1], "picture");
    setMode(nodes[0], MODE.never);
    const execute = vi.spyOn(nodes[0], "onExecute");
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(execute).not.toHaveBeenCalled();
    expect(runs(engine).get("2")!.problems[0]).toMatch(/^its input "picture" comes from "Source" \(node 1\), which is muted: /);
  });

  it("“never” leaves a parameter at the value on our node, and one that is bypassed without an input does so too", async () => {
    for (const mode of [MODE.never, MODE.bypass]) {
      const { graph, nodes } = between();
      setMode(nodes[1], mode);
      if (mode === MODE.bypass) nodes[1].disconnectInput(0);
      const { engine, attachment } = attached(graph);
      await attachment.run();
      expect(runs(engine).get("3")).toMatchObject({ params: { blocks: 16 }, notes: [expect.stringContaining("not connected")] });
      attachment.detach();
    }
  });
});

it("A bypassed node of ours hands the page's nodes what feeds it", async () => {
  const { graph, nodes } = graphOf<[LGraphNode, LGraphNode, Drain]>("sftgan/number", "test/everything", "test/drain");
  nodes[1].addInput("blocks", "number");
  nodes[0].connect(0, nodes[1], "blocks");
  nodes[1].connect("count", nodes[2], 0);
  setMode(nodes[1], MODE.bypass);
  const { engine, attachment } = attached(graph);
  engine.values = { 1: { value: 12 } };
  await attachment.run();
  nodes[2].onExecute();
  expect(nodes[2].got).toBe(12);
  expect(engine.targets.at(-1)).toContain("1");
});
