/** What a file is told to be: any bytes, and the beginnings of every kind. */
import fc from "fast-check";
import { FILE_KIND, sniff } from "../../src/codec/sniff";
import { holds, type Kind } from "./kind";
import { mutated } from "./mutate";
import { samples } from "./samples";

const text = (...parts: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...parts), fc.string({ maxLength: 6 })), { maxLength: 200 })
    .map((list) => new TextEncoder().encode(list.join("")));

export const fileKind: Kind<Uint8Array> = {
  name: "sniff",
  ending: "bin",
  inputs: fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    mutated(samples(".png", ".jpg", ".webp", ".avif", ".gif", ".npy", ".pth", ".safetensors")),
    text("<!--", "-->", "<?xml", "?>", "<!DOCTYPE svg", ">", "<svg", " ", "\n", "<html", "-", "﻿"),
    text("{", "}", "[", "]", '"', ":", ",", " ", "\t"),
  ),
  check(bytes) {
    const kind = sniff(bytes);
    holds(kind === undefined || Object.hasOwn(FILE_KIND, kind), `it is told to be ${kind}`);
  },
};
