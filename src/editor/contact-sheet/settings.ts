/** What a contact sheet's node is set to in the graph, read as the node itself reads it. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { CHOICES, type Choice, cropRegion } from "../../prior/contact-sheet";
import { parsePicks, type RegionPick } from "../../prior/picks";
import type { Region, Size } from "../../types";

export class SheetSettings {
  /** `node`: the one whose sheet is shown, if any. */
  constructor(private readonly node: () => LGraphNode | undefined) {}

  /** What is handed on where no region has another. */
  get choice(): Choice {
    return CHOICES.find((one) => one === this.#property("choice")) ?? "predicted";
  }

  /** As it is stored; what cannot be read of it too. */
  get regions(): string {
    return String(this.#property("regions") ?? "");
  }

  /** What single regions have. What cannot be read is taken for nothing: the node says so. */
  get picks(): RegionPick[] {
    try {
      return parsePicks(this.regions);
    } catch {
      return [];
    }
  }

  /** The same as long as the same is in use of the same node. */
  get inUse(): string {
    return JSON.stringify([this.node()?.id, this.choice, this.regions]);
  }

  /** The side that is asked for, in low-resolution pixels. */
  get size(): number {
    return Number(this.#property("size"));
  }

  /** What is shown of a picture of this size, in low-resolution pixels; undefined where that reaches beyond it. */
  crop(picture: Size): Region | undefined {
    try {
      const { size } = this;
      return cropRegion(picture, { left: Number(this.#property("left")), top: Number(this.#property("top")), size });
    } catch {
      return undefined;
    }
  }

  write(to: Readonly<Record<string, string | number>>): void {
    const node = this.node();
    if (!node) return;
    for (const [name, value] of Object.entries(to)) if (node.properties[name] !== value) node.setProperty(name, value);
  }

  #property(name: string): unknown {
    return this.node()?.properties[name];
  }
}
