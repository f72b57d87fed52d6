/** The process that computes, as its parent sees it: asked one thing after the other, and ended at any moment. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Answer, type Ask, type Hello, OVERFLOW } from "./protocol";

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
  private next = 0;
  private ended: Error | undefined;

  private readonly child: ChildProcess;
  /** Resolves when all that was asked so far is on its way: what keeps this thread busy meanwhile holds it up. */
  sent: Promise<void> = Promise.resolve();
  /** What it can compute on, or why it is not there. It may be asked before: where it is not there, that rejects. */
  readonly hello: Promise<Hello>;

  private constructor() {
    const child = fork(PROGRAM, [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
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
    child.on("error", (error) => this.end(error));
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
      this.sent = new Promise((resolve) => {
        this.child.send({ ...ask, id }, () => resolve());
      });
    });
  }

  /** Ends it at once, whatever it computes. */
  kill(reason: Error): void {
    this.end(reason);
    this.child.kill("SIGKILL");
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    this.rest();
    if ("error" in answer) waiting?.reject(answer.error === OVERFLOW ? new Error(OVERFLOW) : runtimeFailure(answer.error));
    else waiting?.resolve(answer.samples);
  }

  private end(reason: Error): void {
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
