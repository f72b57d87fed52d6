/**
 * What a page asks of the engine that runs its graphs, and what it hears back. The engine is the executor with its tensors;
 * it lives in a worker, or in the page where a worker cannot have WebGL. Nothing in here is a tensor.
 */
import type { AnySchema, Face, FileRef } from "../graph/node";
import type { StoredGraph } from "../graph/stored";
import type { EncodedFile, Legend, Region, Sample, Size } from "../plain-types";

/**
 * A second graph, run beside the page's own under a name. Its node ids and results are kept apart; equal results are computed
 * once. It waits for the page's runs, and is stopped by anything asked of the page's graph.
 */
export interface Scope {
  readonly scope?: string | undefined;
}

/** Events about nodes say of which graph, and so does the status while it is busy: `scope` is absent for the page's own. */
export type EngineEvent = Scope & Event;

type Event =
  /**
   * `summary` says in a few words what came out, such as "320 × 192" or "PSNR 30.81 dB". `ms` is the node's own time. `warnings`
   * are messages about a result that is there all the same; absent: none. `key` changes with the result, as in `View`. `views` are the pictures of it that the run was asked
   * for, where there is something to draw; the bitmaps are of who asked.
   */
  | {
      readonly kind: "finished" | "cached";
      readonly node: string;
      readonly ms: number;
      readonly key?: string;
      readonly summary: string;
      readonly warnings?: readonly string[];
      readonly views?: readonly DrawnView[] | undefined;
      /** What the glance was given; a run's has none. */
      readonly edition?: number | undefined;
    }
  /**
   * Of an earlier visit, or of the package, where its recipe is the same: small pictures of a result that is not there, shown until
   * it is. Sent at a glance.
   */
  | {
      readonly kind: "kept";
      /** What the glance was given. */
      readonly edition?: number | undefined;
      readonly node: string;
      readonly from: "visit" | "package";
      readonly summary: string;
      readonly views?: readonly DrawnView[] | undefined;
    }
  | { readonly kind: "started"; readonly node: string }
  | { readonly kind: "progress"; readonly node: string; readonly fraction: number }
  /** One message for people: what is wrong with this node and what to do. */
  | { readonly kind: "failed"; readonly node: string; readonly message: string }
  /**
   * The run as a whole: nodes done of nodes to do, the part of the work that is done, 0 to 1, and milliseconds to its end, where
   * there is anything that says how many.
   */
  | {
      readonly kind: "overall";
      readonly done: number;
      readonly total: number;
      readonly fraction: number;
      readonly left?: number;
    }
  /** The part in `focus` of a run, drawn before all of it is computed. Its key is that of the whole, which has yet to come. */
  | { readonly kind: "preview"; readonly node: string; readonly region: Region; readonly view: View }
  /** Something the user should know that is no node's fault, such as a lost graphics context. */
  | { readonly kind: "notice"; readonly message: string /** Not said again in this visit. */; readonly once?: boolean }
  | ({ readonly kind: "status" } & EngineStatus);

/**
 * What may run the networks on a GPU: the fastest on this device, always tfjs's own kernels ("stock"), or always some of ours. Those
 * for WebGL are named by the rows × columns × channels that one of their fragments computes, those for WebGPU by the pixels ×
 * channels of an invocation; with one of the latter all is computed on WebGPU, where there is one.
 */
export const KERNEL_SETTINGS = [
  "auto",
  "stock",
  "2×2×8",
  "2×2×4",
  "2×2×8 texture",
  "1×1×32",
  "2×2×8 half",
  "WebGPU 8×8",
  "WebGPU 4×8",
  "WebGPU 8×8 half",
] as const;
export type KernelSetting = (typeof KERNEL_SETTINGS)[number];

export interface EngineStatus {
  readonly backend: "webgpu" | "webgl" | "wasm" | "cpu";
  /** Why the backend is not what was asked for, or no GPU's; for the status bar. */
  readonly reason?: string;
  /** The GPU's name, or "no GPU" where WebGL is emulated; absent: it is not known. */
  readonly gpu?: string;
  /** What runs generators on the GPU; absent: not known yet. */
  readonly kernels?: Exclude<KernelSetting, "auto">;
  /** What runs Segment on the GPU: kernels of ours that do for any network of its kind, or tfjs's; absent: not known yet. */
  readonly segment?: "general" | "stock";
  /** For what this GPU's driver computes kernels of ours wrong, so that tfjs's are used there; absent: nothing. */
  readonly wrong?: readonly ("general" | "resample" | "squares" | "assemble")[];
  readonly tensors: number;
  /** Bytes in tensors. */
  readonly bytes: number;
  readonly busy: boolean;
}

export interface RunReport {
  /** True if a newer run or `cancel` stopped this one. */
  readonly cancelled: boolean;
  /** One message by node id. */
  readonly errors: Readonly<Record<string, string>>;
  /** Outputs of type number or text by node id, then by socket. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
}

/** What a run would take, roughly. */
export interface Forecast {
  /** Multiply-adds; 0 where all is there. */
  readonly multiplyAdds: number;
  /** Bytes of memory it holds at once at most, beside what is there. */
  readonly bytes: number;
  /** Milliseconds, by what runs on this device took; absent: none has been measured yet. */
  readonly ms?: number;
}

/** Under this what can be disposed says how, for `using`; older browsers do not have it. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Of a run that was stopped. */
export const CANCELLED: RunReport = { cancelled: true, errors: {}, values: {} };
/** Said where the making of a file was. */
export const SAVING_CANCELLED = "saving was cancelled: run it again";

export interface RunOptions extends Scope {
  /**
   * A region of one of the pictures to come: it is computed and drawn first, where that takes much less than all of it, and
   * sent as a "preview" event. Its output is that of a node that the run computes.
   */
  readonly focus?: ViewRequest | undefined;
  /** Pictures that are shown of nodes: each is drawn as soon as its node has a result, and sent with the event that says so. */
  readonly views?: readonly ViewRequest[];
  /**
   * Nothing is run: what is there of the graph is found and told of ("finished" and "cached" events), such as what an undone edit
   * had changed; and `targets` are computed, which need no other node (absent: those that read a file that can be seen). Other
   * nodes keep what they show ("again"), or, the graph being another, lose it ("anew"). It waits for a run under way.
   */
  readonly glance?: "again" | "anew" | undefined;
  /** Given back with what is kept, which may come once the graph has been edited again. */
  readonly edition?: number | undefined;
}

/** A part of a node's output, drawn at a size in device pixels. */
export interface ViewRequest extends Scope {
  readonly node: string;
  /** Output socket; absent: the node's first output that can be drawn. */
  readonly output?: string;
  /** In pixels of the output; absent: all of it. */
  readonly region?: Region;
  /**
   * Bitmap size; smaller in proportion past 8192 a side or 16 million in all. The region is stretched to it: averaged where
   * it shrinks, nearest pixel where it grows.
   */
  readonly width: number;
  readonly height: number;
  /** Where the node has no result, what is kept of one from an earlier visit will do: small, and stretched to what is asked for. */
  readonly kept?: boolean;
  /** Of a picture that is not opaque: kept in the bitmap, or shown over a chequerboard. Absent: "chequers". */
  readonly opacity?: "kept" | "chequers";
}

export interface View {
  readonly bitmap: ImageBitmap;
  /** The whole output's size in pixels. */
  readonly size: Size;
  /** Changes when the output does. */
  readonly key: string;
  /** What the colours stand for. */
  readonly legend?: Legend;
  /** What the node shows on itself, whichever output was asked for. */
  readonly face?: Face;
}

/** A pixel of a node's output. */
export interface SampleRequest extends Pick<ViewRequest, "node" | "output" | "scope"> {
  /** In pixels of the output. */
  readonly x: number;
  readonly y: number;
}

export interface DrawnView {
  readonly request: ViewRequest;
  readonly view: View;
}

export interface AddFileOptions {
  readonly keep?: boolean;
  readonly accept?: string | undefined;
}

export interface Engine {
  /**
   * Checks the graph and computes `targets` (ids; absent: see `defaultTargets`). A run under way is stopped first; a file being
   * made is waited for. Resolves when it ends, however that is. Rejects with an error where the graph cannot be read, the
   * graphics context is lost again and again, or the engine is closed.
   */
  run(graph: StoredGraph, targets?: readonly string[], options?: RunOptions): Promise<RunReport>;
  /** What a run of a graph, the page's own or another, would take. It waits for a run under way; undefined where it is cancelled. */
  forecast(graph: StoredGraph, targets?: readonly string[]): Promise<Forecast | undefined>;
  /** Stops whatever is under way or waits. */
  cancel(): void;
  /**
   * Computes an "on demand" node's file, such as Save's, after the run under way. No newer run stops it, `cancel` does. Rejects
   * with an error.
   */
  encode(graph: StoredGraph, node: string, options?: Scope): Promise<EncodedFile>;
  /** Draws from the results of the graph's last run; undefined where the node has none, or none that can be drawn. */
  view(request: ViewRequest): Promise<View | undefined>;
  /** The values of a pixel of what `view` draws; undefined where there is none. */
  sample(request: SampleRequest): Promise<Sample | undefined>;
  /**
   * Keeps a file's bytes (in IndexedDB where there is one, up to 1 GiB in all, the least recently used going first) and names
   * them for a `file` parameter. With `keep: false` they are in memory only, and gone once enough others have come. Where
   * `accept` is given (a parameter's), rejects with an error that names the file unless it is of a kind that is taken.
   */
  addFile(bytes: Uint8Array, name: string, options?: AddFileOptions): Promise<FileRef>;
  /** The bytes of a kept file, for embedding it in a graph; undefined where it is not there. */
  readFile(ref: FileRef): Promise<Uint8Array | undefined>;
  /** Adds the nodes of modules at whole addresses. Rejects with an error that names a module that cannot be used; none is added then. */
  addNodes(urls: readonly string[]): Promise<void>;
  /** What nodes that come from modules of the page's say of themselves. Rejects with an error that names a module that cannot be used. */
  nodes(): Promise<readonly AnySchema[]>;
  /** The weights in a file, one of the user's or one that ships, as an ONNX model. Rejects with an error. */
  exportOnnx(ref: FileRef): Promise<Uint8Array>;
  /** Called with every event until the returned function is called; first with the status, once the backend has started. */
  listen(listener: (event: EngineEvent) => void): () => void;
  /** Ends everything: a run under way resolves as cancelled, whatever is asked for later is refused. */
  close(): void;
}
