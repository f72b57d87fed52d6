/** What a change of a contact sheet is called, for the labels of undo. */
import { CHOICES, type Choice } from "../../prior/contact-sheet";
import { parsePicks } from "../../prior/picks";
import { choiceName } from "./layout";

type Properties = Readonly<Record<string, unknown>>;

/** A step of undo: see `Change` of the whole graph. */
export interface SheetChange {
  readonly label: string;
  readonly merge?: string;
  readonly cosmetic: false;
}

/** Undefined where something else has changed, or what is there cannot be read. */
export function sheetChange(was: Properties, is: Properties, node: number): SheetChange | undefined {
  const differs = (name: string): boolean => JSON.stringify(was[name]) !== JSON.stringify(is[name]);
  if (differs("regions") || differs("choice")) {
    try {
      const [before, now] = [was, is].map(({ regions }) => parsePicks(String(regions ?? ""))) as [
        unknown[],
        ReturnType<typeof parsePicks>,
      ];
      const choice = CHOICES.find((one) => one === is.choice);
      if (!choice) return undefined;
      const single = differs("regions") && now.length > 0;
      if (single && differs("choice")) return undefined;
      const label = !single
        ? `use ${choiceName(choice)} everywhere`
        : now.length < before.length
          ? "change the regions"
          : `use ${choiceName(now.at(-1)!.choice as Choice)} in one region`;
      return { label, cosmetic: false };
    } catch {
      return undefined;
    }
  }
  return differs("left") || differs("top") ? { label: "move the crop", merge: `crop ${node}`, cosmetic: false } : undefined;
}
