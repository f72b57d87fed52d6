/** A backend of tfjs's that engines of one thread share, for tfjs has one of a name: closed with its last user. */

export interface Closable {
  /** True from the moment its GPU is taken away, and for ever. */
  isLost(): boolean;
  close(): void;
}

export class SharedBackend<B extends Closable> {
  private current: { readonly backend: Promise<B>; opened?: B; users: number } | undefined;

  constructor(private readonly open: () => Promise<B>) {}

  /** The one that is in use already, or a new one where there is none, or it is lost. */
  async start(): Promise<B> {
    if (!this.current || this.current.opened?.isLost()) this.current = { backend: this.open(), users: 0 };
    const mine = this.current;
    mine.users++;
    try {
      const backend = await mine.backend;
      mine.opened = backend;
      let used = true;
      const close = () => {
        if (used && --mine.users === 0) {
          if (this.current === mine) this.current = undefined;
          backend.close();
        }
        used = false;
      };
      return { ...backend, close };
    } catch (error) {
      if (this.current === mine) this.current = undefined;
      throw error;
    }
  }
}
