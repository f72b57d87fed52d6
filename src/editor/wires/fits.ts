/** Whether a value of one type of socket may go into a slot of another, as litegraph has it. Its types leave the function out. */
import { LiteGraph } from "litegraph.js/build/litegraph.core.js";

export const fits = (given: string | number, taken: string | number): boolean =>
  (LiteGraph as unknown as { isValidConnection(given: unknown, taken: unknown): boolean }).isValidConnection(given, taken);
