/** A node's result in a few words, for the node's face and the command line's report. */
import type { AnyNode } from "../graph/node";
import { sizeOf } from "../image/raster";
import { sizeText } from "../region";
import type { Condition, EncodedFile, Features, Image, Model, Prior } from "../types";
import { describeModel } from "../weights/describe";

/** What one output is, by its socket's type. */
function describe(type: string, value: unknown, name: string): string {
  switch (type) {
    case "image": {
      const { rgb, alpha } = value as Image;
      return sizeText(sizeOf(rgb)) + (alpha ? " with opacity" : "");
    }
    case "prior": {
      const { map, channels } = value as Prior;
      return `${sizeText(sizeOf(map))}, ${channels.length === 1 ? "1 channel" : `${channels.length} channels`}`;
    }
    case "condition":
      return `${sizeText(sizeOf((value as Condition).map))} × ${(value as Condition).map.shape[3]}`;
    case "features": {
      const { map, blocks } = value as Features;
      return `${sizeText(sizeOf(map))} × ${map.shape[3]} after ${blocks} ${blocks === 1 ? "block" : "blocks"}`;
    }
    case "model":
      return describeModel(value as Model);
    case "file":
      return `${((value as EncodedFile).bytes.length / 1024).toFixed(0)} kB ${(value as EncodedFile).type}`;
    case "number":
      return `${name.toUpperCase()} ${Number((value as number).toFixed(4))}`;
    default:
      return String(value);
  }
}

/** "320 × 192", "PSNR 30.81, SSIM 0.87". Equal descriptions of several outputs are said once. */
export function summarise(def: AnyNode, outputs: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(def.outputs).map(([name, socket]) =>
    describe((socket as { type: string }).type, outputs[name], name),
  );
  return [...new Set(parts)].join(", ");
}

/** Outputs that are numbers or texts, by socket. */
export function plainValues(def: AnyNode, outputs: Readonly<Record<string, unknown>>): Record<string, number | string> {
  const plain = Object.entries(def.outputs).filter(([, socket]) =>
    ["number", "text"].includes((socket as { type: string }).type),
  );
  return Object.fromEntries(plain.map(([name]) => [name, outputs[name] as number | string]));
}
