/** The colours that stand for numbers. No tensors, so that a page may draw them. */
import type { ColourMap } from "../plain-types";

/**
 * Evenly spaced colours, straight lines between them. "viridis" (Smith and van der Walt, for matplotlib; within 7 of 255
 * of its 256 entries) goes from little to much. "cool-warm" (Moreland, Diverging Color Maps for Scientific Visualization,
 * ISVC 2009; within 9 of 255) goes from blue through grey to red, for numbers around a middle. "grey" is the number itself.
 */
export const COLOUR_MAPS: Readonly<Record<ColourMap, readonly string[]>> = {
  viridis:
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725".split(" "),
  "cool-warm":
    "3b4cc0 4e68d7 6282ea 779af7 8db0fe a3c2ff b8d0f9 ccd9ee dddddd ecd3c6 f5c4ad f7b194 f49a7b ec7f63 de614c cb3e38 b40426".split(
      " ",
    ),
  grey: ["000000", "ffffff"],
};
