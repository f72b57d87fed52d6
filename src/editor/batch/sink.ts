/** Where the results of a batch go, one by one as they are made. */
import { ALL_PICTURE_ENDINGS } from "../../codec/inspect";
import { fileName, pictureName } from "../../litegraph/download";
import type { EncodedFile } from "../../plain-types";

export interface Sink {
  /** Takes a result for a path with "/" between folders, and resolves with the path it has got: another where that is taken. */
  add(path: string, bytes: Uint8Array): Promise<string>;
  /** Ends it: all that was added is the user's. */
  close(): Promise<void>;
}

/** Where the result of a photo goes: its path, each part of which every file system takes, with the result's ending. */
export function resultPath(path: string, type: EncodedFile["type"]): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  const name = parts.pop() ?? "";
  const ending = ALL_PICTURE_ENDINGS.find((one) => name.toLowerCase().endsWith(one)) ?? "";
  const stem = name.slice(0, name.length - ending.length);
  return [...parts.map((part) => fileName(part, "", "folder").slice(0, -1)), pictureName(stem, type)].join("/");
}

/** `path`, or "path 2.png" and so on where it is taken. */
export async function freePath(path: string, isTaken: (path: string) => boolean | Promise<boolean>): Promise<string> {
  const dot = path.lastIndexOf(".");
  for (let count = 1; ; count++) {
    const tried = count === 1 ? path : `${path.slice(0, dot)} ${count}${path.slice(dot)}`;
    if (!(await isTaken(tried))) return tried;
  }
}
