/** The colours of a prior's channels, and the key that names them. No tensors, so that a page may draw it. */
import { CLASS_COLOURS, type Colour, type ColourKey } from "../plain-types";

/** A longer key is read by nobody. */
const MOST_NAMES = 24;

/** Colours for channels: the class colours for eight, a scale from dark to light for any other number. */
export function channelColours(count: number): readonly Colour[] {
  if (count === CLASS_COLOURS.length) return CLASS_COLOURS;
  if (count === 1) return [[255, 255, 255]];
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    return [Math.round(40 + 215 * t), Math.round(60 + 150 * Math.sin(Math.PI * t)), Math.round(220 - 180 * t)] as const;
  });
}

/** The legend of a prior's colours, without channels that are named empty; undefined where they are one, or too many. */
export function colourKey(channels: readonly string[]): ColourKey | undefined {
  const colours = channelColours(channels.length);
  const entries = channels.map((name, i) => ({ name, colour: colours[i]! })).filter(({ name }) => !/^empty \d+$/.test(name));
  return channels.length > 1 && entries.length <= MOST_NAMES ? { kind: "key", entries } : undefined;
}
