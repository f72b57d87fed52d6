/** What is made ready in the process that computes, while backends start and the first nodes of a graph work. */
import conditionNode from "../../../nodes/condition-net";
import segmentNode from "../../../nodes/segment";
import sftResblocks from "../../../nodes/sft-resblocks";
import type { Host } from "../../../nodes/sockets";
import upsampleNode from "../../../nodes/upsample";
import type { Graph } from "../../graph/parse";
import { DeferredRaster } from "../../image/raster";
import { conditionNet, head, residualBlocks } from "../../sftgan/generator";
import { seenSize, segmentationNet } from "../../sftgan/segment";
import { StageRaster } from "../../sftgan/stage";
import { upsampling } from "../../sftgan/trunk";
import type { Size } from "../../types";
import { knownSize } from "../known-size";
import type { Work } from "../work";
import type { NativeRuntime } from "./runtime";

const withoutModel = (graph: Graph, type: string) =>
  [...graph.values()].filter((node) => node.type === type && !node.inputs.model);

/**
 * Reads the shipped weights that the graph uses, and opens, where the picture's file tells its size, what Segment runs and then
 * the chain of the six stages wired as usual as one network. What is wired otherwise is opened when it runs. `joins`: ids of nodes
 * whose result is computed together with what it is for.
 */
export async function warm(
  runtime: NativeRuntime,
  work: Work,
  joins: ReadonlySet<string>,
  host: Pick<Host, "shipped">,
): Promise<void> {
  const { graph } = work;
  const segments = withoutModel(graph, segmentNode.type);
  const [segment] = segments;
  const segmentation = segment && (await host.shipped("segment"));
  const size = segment && (await knownSize(graph, segment.inputs.image, work));
  const seen = size && seenSize(size, Number(segment.params.limit));
  if (segmentation && seen) runtime.prepare(segmentation, segmentationNet(segmentation), seen);
  const [condition, trunk, end] = [conditionNode, sftResblocks, upsampleNode].map(({ type }) => withoutModel(graph, type));
  const [one, blocks, last] = [condition?.[0], trunk?.[0], end?.[0]];
  if (!one && !blocks && !last) return;
  const model = await host.shipped("sftgan");
  if (!one || !blocks || !last || trunk!.length > 1 || !joins.has(one.id) || !joins.has(blocks.id)) return;
  if (!segment || one.inputs.prior?.node !== segment.id || !blocks.params.modulation || !last.params.modulation) return;
  const count = Number(blocks.params.blocks);
  if (!size || !seen || !(count >= 1 && count <= model.blocks)) return;
  const prior = still(seen, model.classes);
  const steer = { map: new StageRaster({ model, network: conditionNet(model), inputs: { prior }, size }) };
  const first = new StageRaster({ model, network: head(model), inputs: { image: still(size, 3) }, size });
  const network = residualBlocks(model, 0, count);
  const map = new StageRaster({ model, network, inputs: { features: first, condition: steer.map }, size });
  runtime.prepareStage(upsampling(model, { map, head: first, blocks: count }, steer, true));
}

/** Stands for a map that is still to come. */
const still = ({ height, width }: Size, channels: number) =>
  new DeferredRaster([1, height, width, channels], [], () => {
    throw new Error("this map stands for one that is still to come");
  });
