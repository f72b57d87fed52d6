/**
 * What a node from elsewhere is made with. Its module is handed this object, so that it imports nothing when it runs and brings
 * no second tfjs: `export default ({ defineNode, image, read }) => defineNode({ … })`.
 */
import * as tf from "@tensorflow/tfjs-core";
import * as sockets from "../../nodes/sockets";
import type { NodeDef, Param, Params, Socket, Sockets } from "../graph/node";
import * as params from "../graph/node";
import { read, sizeOf } from "../image/raster";
import { mapTiles } from "../image/tiles";
import { whole } from "../region";

/** What a node may ask of its host beside its context: to decode and to encode pictures. */
export type Codecs = Pick<sockets.Host, "decode" | "encode">;

type Setting<T> = Omit<Param<T>, "kind">;

/** A socket, given what flows through it in words; a parameter, given its default and help. */
function number(help: string): Socket<number>;
function number(setting: Setting<number>): Param<number>;
function number(given: string | Setting<number>): Socket<number> | Param<number> {
  return typeof given === "string" ? sockets.number(given) : params.number(given);
}

/** As `number`. */
function text(help: string): Socket<string>;
function text(setting: Setting<string>): Param<string>;
function text(given: string | Setting<string>): Socket<string> | Param<string> {
  return typeof given === "string" ? sockets.text(given) : params.text(given);
}

/** Checks a definition and infers the types `run` is given and must return. */
const defineNode = <const I extends Sockets, const P extends Params, const O extends Sockets>(
  def: NodeDef<I, P, O, Codecs>,
): NodeDef<I, P, O, Codecs> => def;

const { image, prior, condition, features, model, optional } = sockets;
const { choice, flag, file } = params;

export const toolkit = {
  /** The tensors' library: operations as functions, such as `tf.add(a, b)`. */
  tf,
  defineNode,
  // Sockets
  image,
  prior,
  condition,
  features,
  model,
  optional,
  // Sockets and parameters
  number,
  text,
  // Parameters
  choice,
  flag,
  file,
  // Pictures
  read,
  whole,
  sizeOf,
  mapTiles,
} as const;

export type Toolkit = typeof toolkit;
