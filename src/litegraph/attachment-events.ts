/** What an attachment tells a page of the runs of its graph: typed events. */
import type { EngineEvent, EngineStatus, RunReport } from "../browser/protocol";

export interface AttachmentEvents {
  /** A run begins; `finished` or, without a node, `failed` ends it. Targets are ids; absent: all that shows a result. */
  started: { readonly targets?: readonly string[] };
  /** Nodes done of nodes to do; `fraction` of the work, 0 to 1. */
  progress: { readonly done: number; readonly total: number; readonly fraction: number };
  /** A run has ended, by itself or by a newer one. */
  finished: RunReport;
  /** What is wrong with a node, by its id; or, without one, with a run as a whole. */
  failed: { readonly message: string; readonly node?: string };
  /** What computes, once it has started, and when it is another one. */
  backend: EngineStatus;
  /** Something a user should know that is no node's fault. */
  notice: { readonly message: string };
}

/** As `EventTarget`'s; `detail` of the event is what is said above. */
export interface AttachmentEventTarget {
  addEventListener<K extends keyof AttachmentEvents>(
    type: K,
    listener: (event: CustomEvent<AttachmentEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof AttachmentEvents>(
    type: K,
    listener: (event: CustomEvent<AttachmentEvents[K]>) => void,
    options?: boolean | EventListenerOptions,
  ): void;
}

const Target = EventTarget as unknown as new () => AttachmentEventTarget & Pick<EventTarget, "dispatchEvent">;

/** What says them. */
export class Teller extends Target {
  #backend = "";

  say<K extends keyof AttachmentEvents>(type: K, detail: AttachmentEvents[K]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** What the engine says, as far as it is of these. */
  hear(event: EngineEvent): void {
    switch (event.kind) {
      case "overall":
        this.say("progress", { done: event.done, total: event.total, fraction: event.fraction });
        break;
      case "failed":
        this.say("failed", { node: event.node, message: event.message });
        break;
      case "notice":
        this.say("notice", { message: event.message });
        break;
      case "status": {
        const { kind: _, scope: __, ...status } = event;
        const backend = JSON.stringify([status.backend, status.reason]);
        if (backend !== this.#backend) this.say("backend", status);
        this.#backend = backend;
      }
    }
  }
}
