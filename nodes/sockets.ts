/** The kinds of value that flow between this plugin's nodes, what their host offers, and `defineNode` over both. */
import type { NodeDef, Params, Socket, Sockets } from "../src/graph/node";
import type { Runtime } from "../src/kernels/runtime";
import type { Condition, EncodedFile, Features, Image, Model, Picture, Prior } from "../src/types";

export const image = (help: string): Socket<Image> => ({ type: "image", help });
export const prior = (help: string): Socket<Prior> => ({ type: "prior", help });
export const condition = (help: string): Socket<Condition> => ({ type: "condition", help });
export const features = (help: string): Socket<Features> => ({ type: "features", help });
export const model = (help: string): Socket<Model> => ({ type: "model", help });
export const number = (help: string): Socket<number> => ({ type: "number", help });
export const text = (help: string): Socket<string> => ({ type: "text", help });
export const file = (help: string): Socket<EncodedFile> => ({ type: "file", help });
/** Weights; where nothing is connected, `run` is given those that ship with the package under the name `shipped`. */
export const modelOrShipped = (
  shipped: string,
  help: string,
): Socket<Model> & { readonly optional: true; readonly shipped: string } => ({
  ...model(help),
  optional: true,
  shipped,
});
export const optional = <T>(socket: Socket<T>): Socket<T> & { readonly optional: true } => ({ ...socket, optional: true });

/** What every host of these nodes provides: the editor's worker, another page's, the command line, a test. */
export interface Host {
  /**
   * Decodes a picture of a kind in `PICTURE_FILES`: upright, in sRGB, opacity apart. With `partial` a PNG or JPEG that ends early
   * is read as far as it goes. Throws an error that names the file.
   */
  decode(bytes: Uint8Array, name: string, options?: { readonly partial?: boolean }): Promise<Picture>;
  /**
   * Encodes; `quality` 1 to 100 is for JPEG and WebP, `text` goes into a PNG's text chunks. Throws an error past the format's
   * limits.
   */
  encode(
    picture: Picture,
    type: EncodedFile["type"],
    options: { quality?: number; text?: Record<string, string> },
  ): Promise<EncodedFile>;
  /** Weights that ship with the package, by the name an input declares (`modelOrShipped`). The host owns them. */
  shipped(name: string): Promise<Model>;
  /**
   * What a saved picture says of its making, as text chunks: `sftgan` is the graph's JSON, `sftgan-weights` the weights' hashes.
   */
  provenance(): Record<string, string>;
  /** What runs networks in place of tfjs, where the host has it. */
  readonly runtime?: Runtime | undefined;
}

/** Checks a definition and infers the types `run` is given and must return. */
export const defineNode = <const I extends Sockets, const P extends Params, const O extends Sockets>(
  def: NodeDef<I, P, O, Host>,
): NodeDef<I, P, O, Host> => def;
