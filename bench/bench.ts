/**
 * The benchmarks, in a page: side by side in one run, each after a warm-up, median and spread. `bench/run.mjs` opens the
 * page and prints what it reports.
 */

import { benchMemory } from "./memory";
import { benchNetwork } from "./network";
import { type Row, type Settings, setUp } from "./setup";
import { benchSlider } from "./slider";
import { benchStroke } from "./stroke";
import { benchSwap } from "./swap";

/** By the letters of what each reports. */
const BENCHMARKS = { abe: benchNetwork, c: benchSwap, d: benchMemory, f: benchStroke, g: benchSlider };

export async function bench(settings: Settings, say: (row: Row) => void): Promise<void> {
  const setup = await setUp(settings.backend, say);
  const { only } = settings;
  for (const [letters, run] of Object.entries(BENCHMARKS))
    if (!only || [...letters].some((letter) => only.includes(letter))) await run(setup, settings);
}
