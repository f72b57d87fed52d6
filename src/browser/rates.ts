/** How fast this device was found to compute, remembered from one visit to the next. */
import { get, set, type UseStore } from "idb-keyval";
import { Rates } from "../engine/rates";
import { openChoices } from "./choices";

/** Goes up with what is counted, and how: what was remembered before is forgotten. */
const VERSION = 1;

export interface KeptRates {
  readonly rates: Rates;
  /** Remembers them as they are. */
  keep(): void;
}

/** Those of a device, as `device` names it; none yet where nothing is remembered, or nothing can be. */
export async function openRates(device: string, open: () => UseStore = openChoices): Promise<KeptRates> {
  const key = `rates ${VERSION} ${device}`;
  try {
    const store = open();
    const rates = new Rates(await get(key, store).catch(() => undefined));
    return { rates, keep: () => void set(key, rates.stored, store).catch(() => {}) };
  } catch {
    return { rates: new Rates(), keep: () => {} };
  }
}
