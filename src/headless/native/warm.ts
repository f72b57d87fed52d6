/** What is made ready in the process that computes, while the first nodes of a graph work. */
import conditionNode from "../../../nodes/condition-net";
import segmentNode from "../../../nodes/segment";
import sftResblocks from "../../../nodes/sft-resblocks";
import type { Host } from "../../../nodes/sockets";
import upsampleNode from "../../../nodes/upsample";
import type { Graph, GraphNode } from "../../graph/parse";
import { DeferredRaster, sizeOf } from "../../image/raster";
import { conditionNet, head, residualBlocks } from "../../sftgan/generator";
import { seenSize, segmentationNet } from "../../sftgan/segment";
import { StageRaster } from "../../sftgan/stage";
import { upsampling } from "../../sftgan/trunk";
import type { Image } from "../../types";
import type { NativeRuntime } from "./runtime";

const withoutModel = (graph: Graph, type: string) =>
  [...graph.values()].filter((node) => node.type === type && !node.inputs.model);

/** Reads the shipped weights that the graph uses, and opens what Segment runs. */
export async function warmWeights(runtime: NativeRuntime, graph: Graph, host: Host): Promise<void> {
  if (withoutModel(graph, segmentNode.type).length > 0) {
    const model = await host.shipped("segment");
    runtime.prepare(model, [segmentationNet(model)]);
  }
  const types = [conditionNode, sftResblocks, upsampleNode].map(({ type }) => type);
  if (types.some((type) => withoutModel(graph, type).length > 0)) await host.shipped("sftgan");
}

/**
 * Opens the chain of the six stages wired as usual as one network, while Segment prepares its picture: what the prior will be
 * like is known by then. Where the stages are wired otherwise each is opened when it runs.
 */
export async function warmChain(
  runtime: NativeRuntime,
  graph: Graph,
  joins: ReadonlySet<string>,
  segment: GraphNode,
  { rgb }: Image,
  host: Host,
): Promise<void> {
  const [condition, trunk, end] = [conditionNode, sftResblocks, upsampleNode].map(({ type }) => withoutModel(graph, type));
  const [one, blocks, last] = [condition?.[0], trunk?.[0], end?.[0]];
  if (!one || !blocks || !last || trunk!.length > 1 || !joins.has(one.id) || !joins.has(blocks.id)) return;
  if (one.inputs.prior?.node !== segment.id || !blocks.params.modulation || !last.params.modulation) return;
  const model = await host.shipped("sftgan");
  const count = Number(blocks.params.blocks);
  if (!(count >= 1 && count <= model.blocks)) return;
  const size = sizeOf(rgb);
  const seen = seenSize(size, Number(segment.params.limit));
  const prior = new DeferredRaster([1, seen.height, seen.width, model.classes], [], () => {
    throw new Error("this prior stands for one that is still to come");
  });
  const steer = { map: new StageRaster({ model, network: conditionNet(model), inputs: { prior }, size }) };
  const first = new StageRaster({ model, network: head(model), inputs: { image: rgb }, size });
  const network = residualBlocks(model, 0, count);
  const map = new StageRaster({ model, network, inputs: { features: first, condition: steer.map }, size });
  runtime.prepareStage(upsampling(model, { map, head: first, blocks: count }, steer, true));
}
