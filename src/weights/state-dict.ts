/**
 * The names of a network's tensors, as its own code gives them, out of what training code makes of them: the same for every
 * kind of file.
 */
import { quoted } from "../quoted";

/** Where training code puts a generator's tensors, as a dictionary or as the first part of names; averaged weights first. */
export const CONTAINERS: readonly string[] = [
  "params_ema",
  "net_g_ema",
  "ema_model",
  "state_dict_ema",
  "model_ema",
  "params",
  "state_dict",
  "model_state_dict",
  "model",
  "generator",
  "net_g",
  "netG",
];

/**
 * Parts of names that wrappers add wherever a module is wrapped: DataParallel and AveragedModel, torch.compile, FSDP,
 * checkpoint_wrapper.
 */
const WRAPPERS = new Set(["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]);

/** Counted during training, or by the averaging: no network needs them. */
const COUNTERS = new Set(["num_batches_tracked", "n_averaged"]);

/**
 * A network's tensors under its own names: without the wrappers' parts, out of the container that names begin with (the
 * first of `CONTAINERS` where there are several), without counters. The order stays; the result has no prototype. Throws an
 * error that names the file where two tensors end up with one name.
 */
export function stateDict<T>(tensors: Readonly<Record<string, T>>, file: string): Record<string, T> {
  let entries = Object.entries(tensors)
    .map(([name, tensor]) => ({ name, parts: name.split(".").filter((part) => !WRAPPERS.has(part)), tensor }))
    .filter(({ parts }) => parts.length > 0 && !COUNTERS.has(parts.at(-1)!));
  for (;;) {
    const first = new Set(entries.map(({ parts }) => (parts.length > 1 ? parts[0]! : "")));
    const container = CONTAINERS.find((name) => first.has(name));
    if (container === undefined) break;
    entries = entries
      .filter(({ parts }) => parts.length > 1 && parts[0] === container)
      .map((entry) => ({ ...entry, parts: entry.parts.slice(1) }));
  }
  const found: Record<string, T> = Object.create(null);
  const sources = new Map<string, string>();
  for (const { name, parts, tensor } of entries) {
    const own = parts.join(".");
    const other = sources.get(own);
    if (other !== undefined)
      throw new Error(
        `${quoted(file)} holds both ${quoted(other)} and ${quoted(name)}, which are one tensor of a network; save the network's state_dict() by itself`,
      );
    sources.set(own, name);
    found[own] = tensor;
  }
  return found;
}
