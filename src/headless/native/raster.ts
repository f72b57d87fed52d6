/** A map in the memory of the process that computes. */
import { HostRaster, sizeOf } from "../../image/raster";
import type { Region, Regional } from "../../types";

export class NativeRaster implements Regional {
  readonly bytes: number;
  readonly sources = [];
  private host: HostRaster | undefined;

  constructor(
    readonly shape: readonly [1, number, number, number],
    /** Its number there. */
    readonly map: number,
    private readonly process: { read(map: number): Promise<Float32Array>; free(map: number): void },
  ) {
    const [, height, width, channels] = shape;
    this.bytes = 4 * height * width * channels;
  }

  /** Brings a copy here, once: nodes that know nothing of the process read it as any other. */
  async fetch(): Promise<void> {
    this.host ??= new HostRaster(sizeOf(this), this.shape[3], await this.process.read(this.map));
  }

  read(region: Region) {
    if (!this.host) throw new Error("a map of the native runtime was read before it was fetched");
    return this.host.read(region);
  }

  dispose(): void {
    this.host = undefined;
    this.process.free(this.map);
  }
}
