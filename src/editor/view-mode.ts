/** What the large view is for: one mode at a time, chosen from what is selected, kept and asked for. No DOM. */

export type Mode =
  /** The picture of a node; undefined where no node has one. */
  | { readonly kind: "view"; readonly node: number | undefined }
  /** A node's prior is painted on, or its contact sheet shown; `wide`: on the whole page. */
  | { readonly kind: "paint" | "sheet"; readonly node: number; readonly wide: boolean }
  /** Takes are looked at; `node` is what comes after them. */
  | { readonly kind: "take"; readonly node: number | undefined };

/** What the large view does for a node. */
export type Use = "view" | "paint" | "sheet" | undefined;

export interface Wish {
  /** The one node that is selected to be looked at; undefined for none, several, or one that is only worked on. */
  readonly selected: number | undefined;
  /** A take is to be looked at. */
  readonly take: boolean;
  useOf(node: number): Use;
  /** The node to show where nobody has chosen one. */
  fallback(): number | undefined;
}

export const isWide = (mode: Mode): boolean => "wide" in mode && mode.wide;

/** The mode that follows. What is painted on, and a sheet, stay until another node is selected that has something to show. */
export function nextMode(now: Mode, { selected, take, useOf, fallback }: Wish): Mode {
  if (take) return { kind: "take", node: now.node };
  const use = selected === undefined ? undefined : useOf(selected);
  if (selected !== undefined && (use === "paint" || use === "sheet"))
    return now.kind === use && now.node === selected ? now : { kind: use, node: selected, wide: false };
  if (selected === undefined && "wide" in now && useOf(now.node) === now.kind) return now;
  if (use === "view") return { kind: "view", node: selected };
  return { kind: "view", node: now.node !== undefined && useOf(now.node) ? now.node : fallback() };
}
