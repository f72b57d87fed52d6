/** How this person likes the page: which panels are open, how large, where. Kept in this browser; anything odd is a default. */
import { KERNEL_SETTINGS, type KernelSetting } from "../browser/protocol";
import { type OwnKeys, readOwnKeys } from "./commands/bindings";
import { LOOK_SETTINGS, type LookSetting } from "./theme/looks";

export interface Settings {
  list: boolean;
  viewer: boolean;
  dock: "right" | "bottom";
  /** The view's width or height in CSS pixels, for each place. */
  right: number;
  bottom: number;
  /** Run after every change. */
  auto: boolean;
  /** What runs the networks on the GPU. */
  kernels: KernelSetting;
  look: LookSetting;
  /** Nodes keep to the grid when they are moved. */
  snap: boolean;
  /** Keys that this person gave to commands. */
  keys: OwnKeys;
}

const KEY = "sftgan:settings";
const DEFAULTS: Settings = {
  list: true,
  viewer: true,
  dock: "right",
  right: 400,
  bottom: 270,
  auto: false,
  kernels: "auto",
  look: "system",
  snap: false,
  keys: {},
};

/** Pages narrower than this begin without the view, and have it below: a graph is wide, and has to stay readable. */
const WIDE = 1600;

/** Narrower ones begin without the list of nodes: it would cover the graph. */
const ROOM_FOR_LIST = 700;

/** What is stored, field by field where it is of the right type. */
export function readSettings(text: string | null, width: number): Settings {
  const settings: Settings = {
    ...DEFAULTS,
    ...(width < WIDE && { dock: "bottom", viewer: false }),
    ...(width < ROOM_FOR_LIST && { list: false }),
  };
  try {
    const stored = JSON.parse(text ?? "{}") as Record<string, unknown> | null;
    for (const key of ["list", "viewer", "auto", "snap"] as const)
      if (typeof stored?.[key] === "boolean") settings[key] = stored[key];
    for (const key of ["right", "bottom"] as const) {
      const size = stored?.[key];
      if (typeof size === "number" && size >= 160 && size <= 4000) settings[key] = size;
    }
    const kernels = KERNEL_SETTINGS.find((setting) => setting === stored?.kernels);
    if (kernels) settings.kernels = kernels;
    const look = LOOK_SETTINGS.find((setting) => setting === stored?.look);
    if (look) settings.look = look;
    settings.keys = readOwnKeys(stored?.keys);
    if (stored?.dock === "bottom" || stored?.dock === "right") settings.dock = stored.dock;
  } catch {
    return settings;
  }
  return settings;
}

export function loadSettings(): Settings {
  try {
    return readSettings(localStorage.getItem(KEY), innerWidth);
  } catch {
    return readSettings(null, innerWidth);
  }
}

export function storeSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser without storage forgets; nothing else depends on it.
  }
}
