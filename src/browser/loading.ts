/** Requests to an engine that is still loading: they are cancelled at once, and then not made when it has come. */
import { unlessAborted } from "../engine/abort";

export class Loading {
  #stop = new AbortController();

  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  /** What is loaded; undefined if `cancel` is called before. */
  async orCancelled<T>(loading: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#stop;
    const loaded = await unlessAborted(loading, signal);
    return signal.aborted ? undefined : loaded;
  }
}
