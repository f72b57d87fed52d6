/** The sessions that networks run in: opened once for each model, closed with it, or where the room is wanted for another. */
import { costOf, shapesOf } from "../../kernels/cost";
import type { Network } from "../../kernels/network";
import { writeOnnx } from "../../kernels/onnx/write";
import type { Model, Size } from "../../types";
import { deviceFailure, type Link } from "./link";

export interface SessionOptions {
  readonly device: string;
  readonly threads: number;
  /** Bytes for what is being computed. */
  readonly room: number;
}

/**
 * onnxruntime holds at most about so many times what a network's maps take: copies in another order, and an arena that grows by
 * steps. Measured: 1.5 to 2.1 times; after windows of many sizes no more than after the largest of them.
 */
const WORKSPACE = 2.5;

interface Session {
  readonly number: number;
  /** For each pixel of a window. */
  readonly bytes: number;
  /** Of its largest window: what it has taken it keeps. */
  pixels: number;
  /** Rejects where it could not be opened. */
  readonly opened: Promise<unknown>;
  dispose(): void;
}

export class Sessions {
  private next = 0;
  /** Used last, listed last. */
  private readonly open = new Set<Session>();

  constructor(
    private readonly link: Link,
    private readonly options: SessionOptions,
  ) {}

  /** Pixels of the largest window of a network that there is room for. */
  pixels(model: Model, network: Network): number {
    return this.options.room / (WORKSPACE * costOf(model, network).bytes);
  }

  /**
   * The session of a network, with room for a window of a size. It is good for what the process is asked before anything else:
   * later ones may take its room.
   */
  for(model: Model, network: Network, { height, width }: Size): Pick<Session, "number" | "opened"> {
    const { room } = this.options;
    const pixels = height * width;
    const needs = WORKSPACE * costOf(model, network).bytes;
    const early = needs + earlyBytes(model, network);
    const lean = early * pixels > room;
    const key = `native ${lean ? "lean " : ""}${JSON.stringify(network)}`;
    const found = model.weights.copies.get(key) as Session | undefined;
    const session = found && this.open.delete(found) ? found : this.start(model, network, { bytes: lean ? needs : early, lean });
    model.weights.copies.set(key, session);
    session.pixels = Math.max(session.pixels, pixels);
    let taken = session.bytes * session.pixels;
    for (const other of this.open) taken += other.bytes * other.pixels;
    for (const other of this.open) {
      if (taken <= room) break;
      taken -= other.bytes * other.pixels;
      other.dispose();
    }
    this.open.add(session);
    return session;
  }

  private start(model: Model, network: Network, { bytes, lean }: { readonly bytes: number; readonly lean: boolean }): Session {
    const { device, threads } = this.options;
    const number = this.next++;
    const inBlocks = device === "cpu" && process.arch === "x64" && !lean;
    const file = writeOnnx(model, network, { purpose: "native", inBlocks });
    const opened = this.link.ask({ do: "open", session: number, model: file, device, threads, lean }).catch((error: Error) => {
      this.open.delete(session);
      if (device === "cpu" || this.link.gone) throw error;
      throw deviceFailure(error, device);
    });
    opened.catch(() => {}); // whoever uses it says so
    const session: Session = {
      number,
      bytes,
      pixels: 0,
      opened,
      dispose: () => {
        if (this.open.delete(session)) this.link.ask({ do: "close", session: number }).catch(() => {}); // gone with the process
      },
    };
    return session;
  }
}

/** Bytes for each pixel that γ and β take where they are all computed before any is used: what steers them is there at once. */
function earlyBytes(model: Model, network: Network): number {
  const shapes = shapesOf(model, network);
  return network.operations.reduce((sum, operation) => {
    if (operation.op !== "sft" || !(operation.condition in network.inputs)) return sum;
    const { channels, scale } = shapes.get(operation.name)!;
    return sum + 2 * 4 * channels * scale ** 2;
  }, 0);
}
