/** How the page looks: as the system says, or as a person has chosen. Its colours are custom properties, in theme.css by these names. */
import type { MenuEntry } from "../menu";
import { LOOK_SETTINGS, type Look, type LookSetting, setMeta } from "./looks";
import "./theme.css";

const prefers = (query: string): MediaQueryList => matchMedia(query);
const SYSTEM = {
  contrast: ["(prefers-contrast: more)", "(forced-colors: active)"],
  light: ["(prefers-color-scheme: light)"],
} as const;

/** What the system asks for. */
function systemLook(): Look {
  if (SYSTEM.contrast.some((query) => prefers(query).matches)) return "contrast";
  return SYSTEM.light.some((query) => prefers(query).matches) ? "light" : "dark";
}

export interface Themes {
  readonly setting: LookSetting;
  choose(setting: LookSetting): void;
}

/** Has the page look as `setting` says, from now on; where that is the system's, whenever the system changes. `show` does the rest. */
export function followLook(setting: LookSetting, show: (look: Look) => void = () => {}): Themes {
  let chosen = setting;
  const update = (): void => {
    const look = chosen === "system" ? systemLook() : chosen;
    const { documentElement: root } = document;
    root.dataset.theme = look;
    setMeta("theme-color", getComputedStyle(root).getPropertyValue("--panel")); // the browser's own bar, on phones
    show(look);
    dispatchEvent(new Event("resize")); // what draws by the page's colours draws again
  };
  for (const query of [...SYSTEM.contrast, ...SYSTEM.light]) prefers(query).addEventListener("change", update);
  update();
  return {
    get setting() {
      return chosen;
    },
    choose(to) {
      chosen = to;
      update();
    },
  };
}

const NAMES: Readonly<Record<LookSetting, string>> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
  contrast: "High contrast",
};

export const lookMenu = (now: LookSetting, choose: (setting: LookSetting) => void): readonly MenuEntry[] => [
  "Look",
  ...LOOK_SETTINGS.map((setting) => ({ label: NAMES[setting], checked: setting === now, act: () => choose(setting) })),
];
