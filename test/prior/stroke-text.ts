/** All strokes of a stored text at once, which the program itself reads and writes one by one. */
import { addStroke, parseStroke, type Stroke, strokeWords } from "../../src/prior/strokes";

/** The strokes of a stored text. Throws an error that names the first that cannot be read. */
export const parseStrokes = (text: string): Stroke[] => strokeWords(text).map((word, i, all) => parseStroke(word, i, all.length));

export const formatStrokes = (strokes: readonly Stroke[]): string => strokes.reduce(addStroke, "");
