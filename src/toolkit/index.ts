/**
 * `litegraph-sftgan/toolkit`: the types of a node of one's own. There is nothing in it at run time.
 *
 *     import type { Toolkit } from "litegraph-sftgan/toolkit";
 *     export default ({ defineNode, image }: Toolkit) => defineNode({ … });
 */
export type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
export type {
  Context,
  FACE,
  Face,
  FileRef,
  Flow,
  NodeDef,
  NodeSchema,
  Param,
  Params,
  Result,
  Settings,
  Socket,
  Sockets,
} from "../graph/node";
export type { Tiling } from "../image/tiles";
export type {
  Condition,
  EncodedFile,
  Features,
  Image,
  Legend,
  Model,
  Picture,
  Prior,
  Raster,
  Region,
  Regional,
  Size,
} from "../types";
export type { NodeModule } from "./module";
export type { Codecs, Toolkit } from "./toolkit";
