/** The option --model, wherever it is: weights that ship, by name, or a file. */
import { WEIGHT_NAMES, weightsNamed } from "../samples";

export const isModelName = (model: string): boolean => WEIGHT_NAMES.includes(model);

/**
 * What `read` makes of the file: its path, or the name under which it ships. Throws an error that says what may be given, one of
 * `names` among it.
 */
export const readModelOption = <T>(
  model: string,
  read: (file: string) => Promise<T>,
  names: readonly string[] = WEIGHT_NAMES,
): Promise<T> =>
  read(isModelName(model) ? weightsNamed(model) : model).catch((error: Error) => {
    throw new Error(`--model ${error.message}; it is a file, or one of ${names.join(", ")}`, { cause: error });
  });
