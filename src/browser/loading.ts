/** Requests to an engine that is still loading: they are cancelled at once, and then not made when it has come. */
export class Loading {
  #stop = new AbortController();

  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  /** What is loaded; undefined if `cancel` is called before. */
  async orCancelled<T>(loading: Promise<T>): Promise<T | undefined> {
    const { signal } = this.#stop;
    const cancelled = new Promise<undefined>((resolve) => {
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
    });
    const loaded = await Promise.race([loading, cancelled]);
    return signal.aborted ? undefined : loaded;
  }
}
