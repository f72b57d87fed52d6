/** What is said of the pixel under the pointer: its place, its colour, or the probabilities of its classes. */
import type { Sample } from "../../types";

/** Classes that are named, of those that have any share worth naming. */
const MOST_CLASSES = 3;
const LEAST_SHARE = 0.005;
/** Channels of a map whose numbers are said. */
const MOST_CHANNELS = 4;

/** A sample of a picture, 0 to 1, as it is shown: 0 to 255. */
export const levelOf = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));

/** "R 12  G 200  B 7" of a picture, "sky 82 %  water 17 %" of classes, "depth 0.31" of a map; empty for what says nothing. */
export function sampleText({ type, values, channels = [], kind }: Sample): string {
  if (type === "image") {
    const [r = 0, g = r, b = r] = values.map(levelOf);
    return `R ${r}  G ${g}  B ${b}`;
  }
  if (type !== "prior") return "";
  const named = values.map((value, i) => ({ name: channels[i] ?? `channel ${i}`, value }));
  if (kind === "probabilities") {
    const likely = named.filter(({ value }) => value >= LEAST_SHARE).sort((a, b) => b.value - a.value);
    return likely
      .slice(0, MOST_CLASSES)
      .map(({ name, value }) => `${name} ${Math.round(100 * value)} %`)
      .join("  ");
  }
  const said = named.slice(0, MOST_CHANNELS).map(({ name, value }) => `${name} ${Number(value.toPrecision(3))}`);
  return [...said, ...(named.length > MOST_CHANNELS ? ["…"] : [])].join("  ");
}
