/** How results become the user's: in a .zip that outlives the page until it is saved, or in a folder; what an earlier page has computed goes first. */
import { download, fileName } from "../../litegraph/download";
import { type Folder, folderSink } from "./folder";
import type { KeptList, Result } from "./kept";
import type { Sink } from "./sink";
import { zipSink } from "./zip";

export interface HandoverParts {
  readonly kept: Pick<KeptList, "result" | "handedOver">;
  /** Of the graph, which the .zip is named after. */
  title(): string;
  /** So many results of an earlier page wait. */
  onWaiting(count: number): void;
}

export class Handover {
  #waiting: readonly Result[] = [];

  constructor(private readonly parts: HandoverParts) {}

  /** Results of an earlier page wait from now on, and no others. */
  wait(results: readonly Result[]): void {
    this.#waiting = results;
    this.parts.onWaiting(results.length);
  }

  /**
   * Where results go, a .zip for the downloads without a folder, with what has waited in it: so many are these. Rejects with an
   * error where they cannot be written.
   */
  async begin(folder: Folder | undefined): Promise<{ readonly sink: Sink; readonly before: number }> {
    const { kept } = this.parts;
    const before = this.#waiting.length;
    const zip = folder ? undefined : this.#zip();
    const sink = folder ? folderSink(folder) : zip!.sink;
    for (const { path, file } of this.#waiting) await sink.add(path, new Uint8Array(await file.arrayBuffer()));
    this.wait([]);
    if (folder) kept.handedOver();
    return { sink: zip?.keeping ?? sink, before };
  }

  /** `keeping`: the same, and what is added outlives the page until it is saved. */
  #zip(): { readonly sink: Sink; readonly keeping: Sink } {
    const { kept, title } = this.parts;
    let isSaved = false;
    const sink = zipSink(fileName(`${title()} photos`, "", "photos").slice(0, -1), (file, name) => {
      download(file, file.type, name);
      kept.handedOver();
      isSaved = true;
    });
    const keeping: Sink = {
      async add(path, bytes) {
        isSaved = false;
        const name = await sink.add(path, bytes);
        if (!isSaved) kept.result(name, bytes);
        return name;
      },
      close: () => sink.close(),
    };
    return { sink, keeping };
  }
}
