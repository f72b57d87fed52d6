import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EngineEvent } from "../../src/browser/protocol";
import { type Attachment, attach, load, save, stateOf } from "../../src/litegraph";
import { runtimeOf } from "../../src/litegraph/state";
import { FakeEngine, graphOf, type LGraph, LiteGraph, type Source, storedNode } from "./fake";

let attachment: Attachment | undefined;
const attached = (graph: LGraph, auto = false) => {
  const engine = new FakeEngine();
  attachment = attach(graph, { engine, auto });
  return { engine, attachment };
};
/** The clock stands but for this. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => {
  attachment?.detach();
  vi.useRealTimers();
});

/** Load LR -> Everything -> Sink */
function chain() {
  const made = graphOf("sftgan/load-lr", "test/everything", "test/sink");
  made.nodes[0]!.connect(0, made.nodes[1]!, "picture");
  made.nodes[1]!.connect("picture", made.nodes[2]!, 0);
  return made;
}

describe("attach", () => {
  it("posts the stored graph as it is where no node is external", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.runs).toEqual([JSON.parse(JSON.stringify(save(graph)))]);
  });

  it("shows on a node that it runs, how far, and what came out", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    let open = () => {};
    engine.gate = new Promise<void>((resolve) => (open = resolve));
    const run = attachment.run();
    await pass(1);
    engine.tell({ kind: "started", node: "2" });
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "running", fraction: 0 });
    engine.tell({ kind: "progress", node: "2", fraction: 0.25 });
    expect(stateOf(nodes[1]!).fraction).toBe(0.25);
    open();
    await run;
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", ms: 1, summary: "6 × 4" });
  });

  it("puts the engine's message on the node it is about", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    engine.errors = { 2: "the prior has 3 channels and the model takes 8: choose another" };
    const report = await attachment.run();
    expect(report.errors).toEqual(engine.errors);
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "failed", error: engine.errors["2"] });
    engine.errors = {};
    await attachment.run();
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", error: undefined });
  });

  it.each([
    ["once they are marked as waiting", true],
    ["and are run at once", false],
  ])("leaves what was there to nodes after one that fails, where it is changed %s", async (_, isMarked) => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    const phases = () => nodes.map((node) => stateOf(node).phase);
    engine.errors = { 2: "no luck" };
    await attachment.run();
    expect(phases()).toEqual(["finished", "failed", "idle"]); // there was nothing
    engine.errors = {};
    await attachment.run();
    expect(stateOf(nodes[2]!)).toMatchObject({ phase: "finished", summary: "6 × 4" });
    engine.errors = { 2: "no luck" };
    nodes[1]!.setProperty("blocks", 5);
    if (isMarked) await pass(1);
    await attachment.run();
    expect(phases()).toEqual(["finished", "failed", "waiting"]);
    expect(stateOf(nodes[1]!).error).toBe("no luck");
    expect(stateOf(nodes[2]!).summary).toBe("6 × 4");
    engine.errors = {};
    await attachment.run();
    expect(phases()).toEqual(["finished", "finished", "finished"]);
  });

  it("takes nothing to itself that the engine says of a graph beside its own", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    await attachment.run();
    const heard: unknown[] = [];
    attachment.listen((event) => heard.push(event));
    engine.tell({ scope: "takes", kind: "started", node: "2" });
    engine.tell({ scope: "takes", kind: "failed", node: "2", message: "no luck" });
    engine.tell({ scope: "takes", kind: "overall", done: 1, total: 2, fraction: 0.5 });
    expect(heard).toEqual([]);
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", error: undefined });
  });

  it("runs once after several changes, and not for a move", async () => {
    const { graph, nodes } = chain();
    const { engine } = attached(graph, true);
    await pass(400);
    expect(engine.runs).toHaveLength(1);
    nodes[1]!.setProperty("blocks", 5);
    nodes[1]!.setProperty("blocks", 6);
    expect(engine.runs).toHaveLength(1);
    await pass(400);
    expect(engine.runs).toHaveLength(2);
    expect(storedNode(engine.runs[1]!, 2).properties!.blocks).toBe(6);
    nodes[1]!.pos = [500, 500];
    load(graph, save(graph)); // as undo does
    await pass(400);
    expect(engine.runs).toHaveLength(2);
    expect(stateOf(graph.getNodeById(2)!).phase).toBe("finished");
  });

  it("runs at once, lets a run go on while values keep coming, and then runs the latest only", async () => {
    const { graph, nodes } = chain();
    const { engine } = attached(graph, true);
    await pass(20);
    expect(engine.runs).toHaveLength(1);
    let open = () => {};
    engine.gate = new Promise<void>((resolve) => (open = resolve));
    nodes[1]!.setProperty("amount", 0.1);
    await pass(20);
    expect(engine.runs).toHaveLength(2);
    for (const amount of [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) {
      nodes[1]!.setProperty("amount", amount);
      await pass(80); // longer in all than a run that nobody waits for is left alone
    }
    expect(engine.runs).toHaveLength(2);
    open();
    await pass(40);
    expect(engine.runs.map((run) => storedNode(run, 2).properties!.amount)).toEqual([0.5, 0.1, 0.7]);
    await pass(600);
    expect(engine.runs).toHaveLength(3);
  });

  it("stops a long run for the latest value once values stop coming", async () => {
    const { graph, nodes } = chain();
    const { engine } = attached(graph, true);
    await pass(20);
    engine.gate = new Promise(() => {});
    nodes[1]!.setProperty("amount", 0.1);
    await pass(20);
    nodes[1]!.setProperty("amount", 0.2);
    await pass(20);
    expect(engine.runs).toHaveLength(2);
    await pass(600);
    expect(storedNode(engine.runs[2]!, 2).properties!.amount).toBe(0.2);
    nodes[1]!.setProperty("amount", 0.9);
    nodes[1]!.setProperty("amount", 0.2); // what is computed already
    await pass(600);
    expect(engine.runs).toHaveLength(3);
  });

  it("runs with what is in focus first, hands it over, and then lets no change wait", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph, true);
    await pass(20);
    const region = { left: 0, top: 0, width: 4, height: 4 };
    const request = { node: "2", region, width: 4, height: 4 };
    const shown: string[] = [];
    let open = 0;
    const view = (key: string) => ({
      bitmap: { close: () => void open-- } as ImageBitmap,
      size: { width: 8, height: 8 },
      key,
    });
    attachment.focus = { request: () => request, show: (_, { bitmap, key }) => (bitmap.close(), shown.push(key)) };
    engine.gate = new Promise(() => {});
    nodes[1]!.setProperty("amount", 0.1);
    await pass(20);
    expect(engine.focuses).toEqual([undefined, request]);
    nodes[1]!.setProperty("amount", 0.2);
    await pass(20);
    expect(engine.runs, "the part has not come yet").toHaveLength(2);
    open = 1;
    engine.tell({ kind: "preview", node: "2", region, view: view("first") });
    await pass(20);
    expect(storedNode(engine.runs[2]!, 2).properties!.amount).toBe(0.2);
    engine.tell({ kind: "preview", node: "2", region, view: view("second") });
    nodes[1]!.setProperty("amount", 0.3);
    await pass(20);
    expect(storedNode(engine.runs[3]!, 2).properties!.amount).toBe(0.3);
    expect(shown).toEqual(["first", "second"]);
    attachment.focus = undefined;
    open = 1;
    engine.tell({ kind: "preview", node: "2", region, view: view("nobody's") });
    expect(open).toBe(0);
  });

  it("has the pictures of a first run drawn as its results come, where they have been waited for in view", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    Object.assign(graph, { list_of_graphcanvas: [{ visible_nodes: [nodes[1]!] }] });
    for (const node of nodes.slice(1)) runtimeOf(node)!.want(node, "", 60, 40);
    expect(engine.views).toEqual([]);
    await attachment.run();
    expect(engine.drawn).toEqual([[{ node: "2", width: 64, height: 48 }]]);
    expect(stateOf(nodes[1]!).pictures.get("")!.view).toBeDefined();
    expect(engine.views).toEqual([]);
    attachment.detach();
    expect(engine.open).toBe(0);
  });

  it("has the pictures in view of what waits drawn with the run, and asks for none of them after it", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    const look = () => {
      for (const node of nodes.slice(1)) runtimeOf(node)!.want(node, "", 60, 40);
    };
    const inView = { visible_nodes: [nodes[1]!] };
    Object.assign(graph, { list_of_graphcanvas: [inView, { visible_nodes: undefined }] });
    await attachment.run();
    look();
    await pass(1);
    expect(engine.views.map(({ node }) => node)).toEqual(["2", "3"]);
    await attachment.run();
    expect(engine.drawn, "nothing waited").toEqual([[], []]);
    engine.key = "2";
    nodes[1]!.setProperty("blocks", 2);
    await pass(1);
    const heard: EngineEvent[] = [];
    attachment.listen((event) => heard.push(event));
    await attachment.run();
    expect(engine.drawn[2]).toEqual([{ node: "2", width: 64, height: 48 }]);
    const pictures = () => nodes.slice(1).map((node) => stateOf(node).pictures.get("")!);
    expect(pictures().map(({ stale, view }) => [stale, view!.key])).toEqual([
      [false, "2"],
      [true, "1"],
    ]);
    expect(
      heard.filter((event) => "views" in event && event.views !== undefined),
      "bitmaps have one owner",
    ).toEqual([]);
    look();
    await pass(1);
    expect(
      engine.views.slice(2).map(({ node }) => node),
      "only what was out of view",
    ).toEqual(["3"]);
    expect(engine.open).toBe(2);
    nodes[1]!.flags.collapsed = true;
    nodes[1]!.setProperty("blocks", 3);
    await pass(1);
    await attachment.run();
    expect(engine.drawn[3]).toEqual([]);
    attachment.detach();
    expect(engine.open).toBe(0);
  });

  it("asks again for a picture whose answer was under way when another came with a run", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    Object.assign(graph, { list_of_graphcanvas: [{ visible_nodes: [nodes[1]!] }] });
    const want = (width: number) => runtimeOf(nodes[1]!)!.want(nodes[1]!, "", width, width);
    engine.size = { width: 600, height: 600 };
    await attachment.run();
    want(60);
    await pass(1);
    let answer = () => {};
    const gate = new Promise<void>((resolve) => (answer = resolve));
    const { view } = FakeEngine.prototype;
    engine.view = async (request) => {
      const old = await view.call(engine, request);
      await gate;
      return old;
    };
    want(300); // larger, of the result before
    nodes[1]!.setProperty("blocks", 2);
    await pass(1);
    engine.key = "2";
    await attachment.run();
    answer();
    await pass(1);
    const picture = stateOf(nodes[1]!).pictures.get("")!;
    expect([picture.view!.key, picture.stale]).toEqual(["1", true]);
    want(300);
    await pass(1);
    expect([picture.view!.key, picture.stale]).toEqual(["2", false]);
    expect(engine.open).toBe(1);
  });

  it("marks what is downstream of a change as waiting, and nothing else", async () => {
    const { graph, nodes } = chain();
    const { attachment } = attached(graph);
    await attachment.run();
    nodes[1]!.setProperty("blocks", 2);
    await pass(1);
    expect(nodes.map((node) => stateOf(node).phase)).toEqual(["finished", "waiting", "waiting"]);
    nodes[1]!.setProperty("blocks", 16);
    await pass(1);
    expect(nodes.map((node) => stateOf(node).phase)).toEqual(["finished", "finished", "finished"]);
  });

  it("leaves what a graph loaded anew, as by undo, does not change", async () => {
    const { graph, nodes } = chain();
    const { attachment } = attached(graph);
    await attachment.run();
    const before = save(graph);
    nodes[1]!.setProperty("blocks", 5);
    await pass(1);
    await attachment.run();
    load(graph, before);
    await pass(1);
    const phases = [1, 2, 3].map((id) => stateOf(graph.getNodeById(id)!).phase);
    expect(phases).toEqual(["finished", "waiting", "waiting"]);
  });

  it("keeps the newer run's word when two overlap", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    let open = () => {};
    engine.gate = new Promise<void>((resolve) => (open = resolve));
    const first = attachment.run();
    await pass(1);
    const second = attachment.run();
    open();
    expect((await first).cancelled).toBe(true);
    expect((await second).cancelled).toBe(false);
  });

  it("stops a run that is still being prepared", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    const run = attachment.run();
    attachment.cancel();
    expect((await run).cancelled).toBe(true);
    expect(engine.runs).toHaveLength(0);
    expect(engine.cancelled).toBe(1);
  });

  it("leaves no node running once a run is stopped, whatever was on its way", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    let end = () => {};
    engine.run = () => new Promise((resolve) => (end = () => resolve({ cancelled: true, errors: {}, values: {} })));
    const run = attachment.run();
    await pass(1);
    engine.tell({ kind: "started", node: "2" });
    attachment.cancel();
    engine.tell({ kind: "progress", node: "2", fraction: 0.5 });
    end();
    expect((await run).cancelled).toBe(true);
    expect(stateOf(graph.getNodeById(2)!).phase).toBe("waiting");
  });

  it("tells a graph that cannot be read as a notice, and rejects", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    engine.run = () => Promise.reject(new Error("the graph has 3000 nodes: split it"));
    const heard: unknown[] = [];
    attachment.listen((event) => heard.push(event));
    await expect(attachment.run()).rejects.toThrow("split it");
    expect(heard).toContainEqual({ kind: "notice", message: "the graph has 3000 nodes: split it" });
  });

  it("refuses a second attachment and lets one follow a detached one", () => {
    const { graph } = chain();
    const first = attach(graph, { engine: new FakeEngine(), auto: false });
    expect(() => attach(graph, { engine: new FakeEngine() })).toThrow("call detach()");
    first.detach();
    attached(graph);
  });

  it("neither closes nor hears an engine that was handed to it once detached", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    attachment.detach();
    expect(engine.closed).toBe(false);
    expect(engine.listeners.size).toBe(0);
    nodes[1]!.setProperty("blocks", 2);
    await pass(1);
    await expect(attachment.run()).rejects.toThrow("attach it again");
  });

  it("runs a graph with a placeholder, so that the engine can say what is missing", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    load(graph, { nodes: [{ id: 9, type: "vendor/other", properties: {} }], links: [] });
    await attachment.run();
    expect(engine.runs[0]!.nodes.map(({ type }) => type)).toEqual(["vendor/other"]);
  });
});

describe("A glance", () => {
  it("shows what is there without a run: the result it tells of, by its key, and nothing of another graph", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    await attachment.run();
    const runs = engine.runs.length;
    const cached = (key: string): void => engine.tell({ kind: "cached", node: "2", ms: 0, key, summary: `result ${key}` });
    await attachment.glance();
    cached("a");
    runtimeOf(nodes[1]!)!.want(nodes[1]!, "", 100, 60);
    await pass(1);
    expect(stateOf(nodes[1]!).pictures.get("")).toMatchObject({ stale: false });
    cached("a");
    expect(stateOf(nodes[1]!).pictures.get("")!.stale).toBe(false);
    cached("b");
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "finished", summary: "result b" });
    expect(stateOf(nodes[1]!).pictures.get("")!.stale).toBe(true);
    await attachment.glance({ anew: true });
    expect(stateOf(nodes[1]!)).toMatchObject({ phase: "idle", summary: "" });
    expect([engine.glances, engine.runs.length]).toEqual([["again", "anew"], runs]);
  });

  it("shows what is kept of the graph as it is, and nothing that was looked for before an edit", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    const look = async () => {
      await attachment.glance();
      const { edition } = engine;
      return (): void => {
        const request = { node: "2", width: 60, height: 40 };
        const views = [{ request, view: engine.draw(request) }];
        engine.tell({ kind: "kept", edition, node: "2", from: "package", summary: "example", views });
      };
    };
    const old = await look();
    runtimeOf(nodes[1]!)!.changed(nodes[1]!);
    await pass(1);
    old();
    expect([stateOf(nodes[1]!).kept, stateOf(nodes[1]!).pictures.get("")?.view]).toEqual([undefined, undefined]);
    (await look())();
    expect(stateOf(nodes[1]!)).toMatchObject({ kept: "package", summary: "example" });
    expect(stateOf(nodes[1]!).pictures.get("")?.view).toBeDefined();
  });

  it("takes no result of the graph before an edit for one of the edited node", async () => {
    const { graph, nodes } = chain();
    const { engine, attachment } = attached(graph);
    await attachment.run();
    await attachment.glance();
    const { edition } = engine;
    const tell = (edition: number | undefined): void =>
      engine.tell({ kind: "cached", edition, node: "2", ms: 1, key: "a", summary: "result" });
    nodes[1]!.setProperty("blocks", 3);
    await pass(1);
    expect(stateOf(nodes[1]!).phase).toBe("waiting");
    tell(edition);
    expect(stateOf(nodes[1]!).phase).toBe("waiting");
    await attachment.glance();
    tell(engine.edition);
    expect(stateOf(nodes[1]!).phase).toBe("finished");
  });

  it("follows a run under way, and stops none", async () => {
    const { graph } = chain();
    const { engine, attachment } = attached(graph);
    let open = () => {};
    engine.gate = new Promise<void>((resolve) => (open = resolve));
    const run = attachment.run();
    await pass(1);
    await attachment.glance();
    expect(engine.glances).toEqual([]);
    open();
    expect((await run).cancelled).toBe(false);
    await pass(1);
    expect(engine.glances).toEqual(["again"]);
  });
});

describe("A number or text of an external node", () => {
  function fed(value: unknown, input = "blocks", type = "number") {
    const made = graphOf("test/source", "test/everything");
    const [source, node] = made.nodes as [Source, Source];
    if (node.findInputSlot(input) < 0) node.addInput(input, type);
    source.value = value;
    source.connect(0, node, input);
    return { ...made, source, node };
  }

  it("takes a parameter's place without its page's loop running", async () => {
    const { graph } = fed(8);
    const { engine, attachment } = attached(graph);
    await attachment.run();
    const [posted] = engine.runs;
    const number = posted!.nodes.find(({ type }) => type === "sftgan/number")!;
    expect(number.properties).toEqual({ value: 8 });
    expect(posted!.links).toEqual([[1, number.id, 0, 2, 3, "number"]]);
    expect(posted!.nodes.map(({ type }) => type)).not.toContain("test/source");
    expect(storedNode(posted!, 2).inputs![3]).toMatchObject({ name: "blocks", link: 1 });
  });

  it("takes an input's place as text", async () => {
    const { graph } = fed("hello", "words");
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.runs[0]!.nodes.find(({ type }) => type === "sftgan/text")!.properties).toEqual({ value: "hello" });
  });

  it.each([
    ["eight", 'it gives the text "eight", and a number belongs here'],
    [Number.NaN, "it gives NaN, and a number belongs here"],
    [{}, "it gives a value of type Object, and a number belongs here"],
    [undefined, "it has given nothing yet"],
  ])("that is %j is refused with a message on the node it feeds", async (value, message) => {
    const { graph, node } = fed(value);
    const { attachment } = attached(graph);
    const report = await attachment.run();
    expect(report.errors["2"]).toContain(`its input "blocks" from "Source" does not fit: ${message}`);
    expect(stateOf(node)).toMatchObject({ phase: "failed", error: report.errors["2"] });
  });

  it("cannot be a prior", async () => {
    const { graph } = fed(1, "prior");
    const { attachment } = attached(graph);
    expect((await attachment.run()).errors["2"]).toContain("a prior comes from our own nodes only");
  });

  it("that throws is said on the node it feeds, whatever it gave before", async () => {
    const { graph, source } = fed(1);
    graph.runStep();
    source.onExecute = () => {
      throw new Error("no camera");
    };
    const { attachment } = attached(graph);
    expect((await attachment.run()).errors["2"]).toContain("no camera");
  });

  it("runs the graph again when it changes in the page's loop", async () => {
    const { graph, source } = fed(8);
    const { engine } = attached(graph, true);
    await pass(350);
    graph.runStep();
    await pass(350);
    expect(engine.runs).toHaveLength(1);
    source.value = 9;
    graph.runStep();
    graph.runStep();
    await pass(350);
    expect(engine.runs).toHaveLength(2);
    expect(engine.runs[1]!.nodes.find(({ type }) => type === "sftgan/number")!.properties).toEqual({ value: 9 });
  });

  it("runs the graph again once when it changes together with another of the same node", async () => {
    const { graph, source, node } = fed(8);
    const other = LiteGraph.createNode("test/source") as Source;
    graph.add(other);
    node.addInput("amount", "number");
    other.value = 0.1;
    other.connect(0, node, "amount");
    const { engine } = attached(graph, true);
    await pass(350);
    graph.runStep(1, true);
    await pass(350);
    source.value = 9;
    other.value = 0.2;
    graph.runStep(1, true);
    graph.runStep(1, true);
    await pass(350);
    expect(engine.runs).toHaveLength(2);
    const values = engine.runs[1]!.nodes.filter(({ type }) => type === "sftgan/number").map(
      ({ properties }) => properties!.value,
    );
    expect(values).toEqual([9, 0.2]);
  });
});

describe("Our numbers", () => {
  it("are computed for an external node that shows them, beside every sink", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/drain", "sftgan/preview", "sftgan/number", "sftgan/load-lr");
    nodes[0]!.connect("count", nodes[1]!, 0);
    nodes[4]!.connect(0, nodes[0]!, 0);
    nodes[4]!.connect(0, nodes[2]!, 0);
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.targets[0]).toEqual(["1", "3"]);
    nodes[0]!.disconnectOutput("count");
    await attachment.run();
    expect(engine.targets[1]).toBeUndefined();
  });

  it("reach external nodes, also those connected after the run", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/drain", "test/drain");
    const [ours, first, second] = nodes as unknown as [Source, { got: unknown }, { got: unknown } & Source];
    ours.connect("count", nodes[1]!, 0);
    const { engine, attachment } = attached(graph);
    engine.values = { 1: { count: 7 } };
    await attachment.run();
    graph.runStep();
    expect(first.got).toBe(7);
    ours.connect("count", second, 0);
    graph.runStep();
    expect(second.got).toBe(7);
  });

  it("are taken back from external nodes when there are none any more", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/drain");
    nodes[0]!.connect("count", nodes[1]!, 0);
    const { engine, attachment } = attached(graph);
    engine.values = { 1: { count: 7 } };
    await attachment.run();
    engine.values = {};
    await attachment.run();
    graph.runStep();
    expect((nodes[1] as unknown as { got: unknown }).got).toBeUndefined();
  });

  it("leave external nodes out of what the engine is given", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/drain");
    nodes[0]!.connect("count", nodes[1]!, 0);
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.runs[0]!.links).toEqual([]);
    expect(storedNode(engine.runs[0]!, 1).outputs![1]).toMatchObject({ name: "count", links: null });
  });
});

it("ids that are names are refused with a message", () => {
  const { graph } = chain();
  const litegraph = LiteGraph as unknown as { use_uuids: boolean };
  litegraph.use_uuids = true;
  try {
    expect(() => attach(graph)).toThrow("set it to false");
  } finally {
    litegraph.use_uuids = false;
  }
});
