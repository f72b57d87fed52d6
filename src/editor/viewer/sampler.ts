/** Asks the engine what the pixel under the pointer holds: one request at a time, and the pointer's last place next. */
import type { SampleRequest } from "../../browser/protocol";
import type { Sample } from "../../types";

/** `onSample` is called with what a pixel holds, and with undefined where nothing is pointed at, or nothing is there. */
export class Sampler {
  #wanted: SampleRequest | undefined;
  #isAsking = false;

  constructor(
    private readonly sample: (request: SampleRequest) => Promise<Sample | undefined>,
    private readonly onSample: (sample: Sample | undefined) => void,
  ) {}

  want(request: SampleRequest | undefined): void {
    this.#wanted = request;
    if (!request) this.onSample(undefined);
    else if (!this.#isAsking) void this.#ask(request);
  }

  async #ask(request: SampleRequest): Promise<void> {
    this.#isAsking = true;
    const sample = await this.sample(request).catch(() => undefined);
    this.#isAsking = false;
    const wanted = this.#wanted;
    if (!wanted) return;
    this.onSample(sample);
    if (JSON.stringify(wanted) !== JSON.stringify(request)) void this.#ask(wanted);
  }
}
