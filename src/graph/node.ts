/**
 * The node format: what a file under nodes/ declares. Plain data and one function; knows nothing of litegraph, of the
 * browser, or of how graphs are executed.
 */
import type { Region } from "../region";

/** A typed connection point. `T` is what flows through it and exists at compile time only. */
export interface Socket<T = unknown> {
  readonly type: string;
  readonly help: string;
  /** Inputs only: the node runs with it unconnected, and `run` is then given `undefined`. */
  readonly optional?: boolean;
  /** Optional inputs only: where nothing is connected, `run` is given what ships with the package under this name. */
  readonly shipped?: string;
  readonly flows?: T;
}

/** A file as a graph stores it: by name and content. The bytes live with the host, or in the graph itself as base64. */
export interface FileRef {
  readonly name: string;
  /** SHA-256 of the content, lower-case hex. */
  readonly sha256?: string;
  readonly data?: string;
}

/** Parameters beside edges of bins: see src/prior/depth-bins.ts. */
export interface BinParams {
  /** What each bin stands for, and where the first is full and the last. */
  readonly classes: string;
  readonly near: string;
  readonly far: string;
  /** A choice, and the one of its values under which there are bins of classes; under others there are two, near and far. */
  readonly when: readonly [param: string, value: string];
  /** Said below bins of classes. */
  readonly note: string;
}

/** A value the user sets on the node itself; `T` is number, string, boolean, or FileRef or null. */
export interface Param<T = unknown> {
  readonly kind: "number" | "choice" | "flag" | "text" | "file";
  readonly default: T;
  /** The value in graphs stored before the parameter existed, where it is not `default`. */
  readonly legacyDefault?: T;
  readonly help: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: string;
  readonly choices?: readonly string[];
  /** Texts only: of several lines. */
  readonly lines?: boolean;
  /** Files only: what the file picker offers, as in HTML's `accept`. */
  readonly accept?: string;
  /** Files only: names of files that ship with the package and are always there. */
  readonly shipped?: readonly string[];
  /**
   * What a page may edit in a place of its own. Texts that people never see: painted strokes, or regions of a contact sheet. A
   * file that is one of several: the photos that a batch runs.
   */
  readonly editor?: "strokes" | "regions" | "photos";
  /** Texts only: edges of bins, drawn over a histogram of what is cut. Names the node's parameters that say the rest. */
  readonly bins?: BinParams;
}

/** The key under which a result carries its node's face. */
export const FACE = Symbol("face");

/** What a node shows on itself of its last result, beside the outputs: plain values, no tensors. */
export interface Face {
  /** How many samples of what is cut have each value, in equal steps from 0 to 1. */
  readonly histogram?: readonly number[];
  /** What a person should know of a result that is there all the same, such as a damaged file that was read: one message each. */
  readonly warnings?: readonly string[];
}

export type Sockets = Readonly<Record<string, Socket>>;
export type Params = Readonly<Record<string, Param>>;
export type Flow<S extends Sockets> = {
  readonly [K in keyof S]: S[K] extends Socket<infer T>
    ? S[K] extends { readonly shipped: string }
      ? T
      : S[K] extends { readonly optional: true }
        ? T | undefined
        : T
    : never;
};
/** What a node gives. */
export type Result<O extends Sockets> = Flow<O> & { readonly [FACE]?: Face };
export type Settings<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** What the executor gives a running node. A host adds services of its own. */
export interface Context {
  readonly signal: AbortSignal;
  /** Bytes of tensors a node may hold at once; what needs more is done in tiles. */
  readonly budget: number;
  progress(fraction: number): void;
  /** Waits for the GPU and lets messages in, a cancellation among them. Call it after every tile; throws once cancelled. */
  checkpoint(): Promise<void>;
  /**
   * What depends on the named inputs and parameters only, kept under a key of its own: it is not
   * computed again when the others change.
   */
  memo<T>(name: string, dependsOn: readonly string[], compute: () => T | Promise<T>): Promise<T>;
  /** The content of a file. Throws an error that names the file where the host does not have it. */
  file(ref: FileRef): Promise<Uint8Array>;
}

/** A node's last result, to be updated. */
export interface Before {
  readonly key: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Borrowed. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Where each input differs from what the last result was made from; one that is not named is the same. */
  readonly changed: Readonly<Record<string, Region>>;
}

/** An updated result, and where each output differs from the last; one that is not named is the same. */
export interface Update<O> {
  readonly outputs: O;
  readonly changed: Readonly<Partial<Record<keyof O, Region>>>;
}

/** What a node takes to compute. */
export interface Load {
  readonly multiplyAdds: number;
  /** Bytes it needs at once beside what it is given and gives; where that is more than it may hold, it goes tile by tile. */
  readonly bytes: number;
}

/** What is known of a node before it runs: its outputs, with maps that have a shape only, and what they take. */
export interface Expected<O> {
  readonly outputs: O;
  readonly load?: Load;
}

/** What a node says of itself: plain data, which is all that drawing, menus, checking and storing need. */
export interface NodeSchema<I extends Sockets = Sockets, P extends Params = Params, O extends Sockets = Sockets> {
  readonly type: string;
  readonly title: string;
  /** One or two sentences of help. */
  readonly description: string;
  readonly inputs: I;
  readonly params: P;
  readonly outputs: O;
  /** A result for people: "always" is computed by every run, "on demand" only when asked for by itself. */
  readonly sink?: "always" | "on demand";
}

/** A node: its schema and what computes it. */
export interface NodeDef<I extends Sockets = Sockets, P extends Params = Params, O extends Sockets = Sockets, Host = object>
  extends NodeSchema<I, P, O> {
  run(inputs: Flow<I>, params: Settings<P>, context: Context & Host): Result<O> | Promise<Result<O>>;
  /**
   * The same result as `run`'s, made from the last one where little has changed; undefined where it has to be computed anew.
   * Parameters may differ from the last result's: see `before.params`.
   */
  update?(
    inputs: Flow<I>,
    params: Settings<P>,
    context: Context & Host,
    before: Before,
  ): Update<Flow<O>> | undefined | Promise<Update<Flow<O>> | undefined>;
  /**
   * The same result as `run`'s with maps that are computed region by region, as they are read: for looking at a part of it
   * before all is computed. It owns nothing: what it is made of is lent to it.
   */
  defer?(inputs: Flow<I>, params: Settings<P>, context: Context & Host): Flow<O> | Promise<Flow<O>>;
  /**
   * What will come of it, from inputs whose maps may have a shape only: for how far a run is, and what it takes, before and while
   * it computes. A node without it is taken to be quick, and to give what it is given.
   */
  expect?(inputs: Flow<I>, params: Settings<P>, context: Pick<Context, "budget">): Expected<Flow<O>>;
}

/** A schema among others, its types forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: a list of schemas mixes many input types
export type AnySchema = NodeSchema<any, any, any>;

/** A definition among others, its types forgotten. */
// biome-ignore lint/suspicious/noExplicitAny: a list of definitions mixes many input types
export type AnyNode = NodeDef<any, any, any, any>;

export const number = (spec: Omit<Param<number>, "kind">): Param<number> => ({ kind: "number", ...spec });
export const flag = (spec: Omit<Param<boolean>, "kind">): Param<boolean> => ({ kind: "flag", ...spec });
export const text = (spec: Omit<Param<string>, "kind">): Param<string> => ({ kind: "text", ...spec });
export const choice = <const C extends readonly string[]>(
  choices: C,
  spec: Omit<Param<C[number]>, "kind" | "choices">,
): Param<C[number]> => ({ kind: "choice", choices, ...spec });
export const file = (spec: Omit<Param<FileRef | null>, "kind">): Param<FileRef | null> => ({ kind: "file", ...spec });
