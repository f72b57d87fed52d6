/** The process that computes, as its parent sees it: asked one thing after the other, and ended at any moment. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Answer, type Ask, type Hello, OVERFLOW, WITH_SHARED_FILES } from "./protocol";
import { readShared, SharedFile, type Written } from "./shared-file";

/** Beside the built program, this file being in it or in its folder of chunks; what runs from its sources takes it from there. */
const PLACE = import.meta.url.endsWith(".ts")
  ? "../../../dist/headless/native.js"
  : /\/chunks\/[^/]+$/.test(import.meta.url)
    ? "../native.js"
    : "./native.js";
const PROGRAM = fileURLToPath(new URL(PLACE, import.meta.url));

const CANNOT = "onnxruntime cannot compute this";
const NO_DEVICE = "does not work on this machine";
const ENDED = "the process that computes has ended";

/** Whether a message is of the machine, not of the picture: that onnxruntime fails, a device does, or the process has ended. */
export const isRuntimeFailure = (message: string): boolean =>
  [CANNOT, NO_DEVICE, ENDED].some((reason) => message.includes(reason));

/** What onnxruntime says, and what can be done. `device`: the one on which a network could not be opened. */
export const runtimeFailure = (error: string, device = "cpu"): Error =>
  new Error(
    device === "cpu"
      ? `${CANNOT}: give --device wasm, or --memory less (${error})`
      : `--device ${device} ${NO_DEVICE}: leave it out (${error})`,
    { cause: error },
  );

/** What was asked of a device and failed, said of the device. */
export const deviceFailure = (error: Error, device: string): Error =>
  runtimeFailure(typeof error.cause === "string" ? error.cause : error.message, device);

interface Waiting {
  resolve(samples: Float32Array | undefined): void;
  reject(error: Error): void;
}

export class Link {
  private readonly waiting = new Map<number, Waiting>();
  /** Those in their file, by what was asked with them. */
  private readonly models = new Map<number, Written>();
  private next = 0;
  private ended: Error | undefined;

  private readonly child: ChildProcess;
  /** Through which models go and results come. Absent: in messages. */
  private readonly files = sharedFiles();
  /** What it can compute on, or why it is not there. It may be asked before: where it is not there, that rejects. */
  readonly hello: Promise<Hello>;

  private constructor() {
    const { files } = this;
    const child = fork(PROGRAM, files ? [WITH_SHARED_FILES] : [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc", ...(files ? [files.models.descriptor, files.results.descriptor] : [])],
      detached: true,
    });
    this.child = child;
    let said = "";
    child.stderr!.on("data", (data) => {
      said = (said + data).slice(-2000);
    });
    (child.stderr as unknown as { unref(): void }).unref();
    this.hello = new Promise<Hello>((resolve) => {
      child.once("message", (hello: Hello) => {
        if ("missing" in hello) this.kill(new Error(hello.missing));
        child.on("message", (answer: Answer) => this.answered(answer));
        resolve(hello);
      });
      child.once("error", (error) => resolve({ missing: error.message }));
      child.once("exit", (code, signal) =>
        resolve({ missing: /^\w*Error: .*$/m.exec(said)?.[0] ?? `it ended with ${signal ?? code}` }),
      );
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.syscall?.startsWith("spawn")) this.end(error);
      else child.kill("SIGKILL"); // nothing can be sent: it has ended, or is of no use, and its exit says so
    });
    child.on("exit", (_, signal) =>
      this.end(
        new Error(
          `${ENDED}${signal ? ` (${signal})` : ""}, perhaps for want of memory: give --memory less, or a smaller picture`,
        ),
      ),
    );
    void this.hello.then(() => this.rest());
  }

  private static ahead: Link | undefined;

  /** Starts one for the next `take`: loading what computes with tensors takes as long. */
  static startAhead(): void {
    Link.ahead ??= new Link();
  }

  /** The one that was started ahead, or another. */
  static take(): Link {
    const { ahead } = Link;
    Link.ahead = undefined;
    return ahead && !ahead.gone ? ahead : new Link();
  }

  get gone(): boolean {
    return this.ended !== undefined;
  }

  /** Rejects with what went wrong there, or where the process ends before it answers. */
  ask(ask: Ask): Promise<Float32Array | undefined> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.ref(); // what waits for an answer keeps the program alive
      this.child.channel?.ref();
      this.child.send({ ...(ask.do === "open" ? this.written(ask, id) : ask), id });
    });
  }

  /** Ends it at once, whatever it computes. */
  kill(reason: Error): void {
    this.end(reason);
    this.child.kill("SIGKILL");
  }

  /** With the model in its file, where there is room. */
  private written(ask: Extract<Ask, { do: "open" }>, id: number): Ask {
    const model = ask.model instanceof Uint8Array ? this.files?.models.write(ask.model) : undefined;
    if (!model) return ask;
    this.models.set(id, model);
    return { ...ask, model };
  }

  private answered(answer: Answer): void {
    if (this.ended) return; // nobody waits for it any more
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    const model = this.models.get(answer.id);
    if (model && this.models.delete(answer.id)) this.files?.models.forget(model);
    this.rest();
    if ("error" in answer) waiting?.reject(answer.error === OVERFLOW ? new Error(OVERFLOW) : runtimeFailure(answer.error));
    else if (!answer.samples || ArrayBuffer.isView(answer.samples)) waiting?.resolve(answer.samples);
    else waiting?.resolve(this.read(answer.samples));
  }

  private read(result: Written): Float32Array {
    const { buffer } = readShared(this.files!.results.descriptor, result);
    this.ask({ do: "forget", result }).catch(() => {}); // gone with the process
    return new Float32Array(buffer);
  }

  private end(reason: Error): void {
    if (!this.ended) for (const file of Object.values(this.files ?? {})) file.close();
    this.ended ??= reason;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
    this.rest();
  }

  private rest(): void {
    if (this.waiting.size > 0) return;
    this.child.unref();
    this.child.channel?.unref();
  }
}

function sharedFiles(): { readonly models: SharedFile; readonly results: SharedFile } | undefined {
  const [models, results] = [SharedFile.create(), SharedFile.create()];
  if (models && results) return { models, results };
  for (const file of [models, results]) file?.close();
  return undefined;
}
