/** What is remembered of a GPU, its driver and the browser, which brings a compiler: until one of them is another. */
import { get, set, type UseStore } from "idb-keyval";

export class Notes {
  /** `gpu` names all three. */
  constructor(
    private readonly gpu: string,
    private readonly store: UseStore,
  ) {}

  /** Undefined where nothing is, or the storage fails. */
  get(what: string): Promise<unknown> {
    return get(`${what}, ${this.gpu}`, this.store).catch(() => undefined);
  }

  /** Where that cannot be, it is found out again on the next visit. */
  set(what: string, found: string | boolean): Promise<void> {
    return set(`${what}, ${this.gpu}`, found, this.store).catch(() => {});
  }
}
