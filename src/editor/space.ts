/** The space bar, held while a surface has the keys: a drag then moves what is seen, whatever it begins on. */
export interface Space {
  readonly held: boolean;
  /** As if it were let go. */
  release(): void;
}

/** `isWanted`: whether it does anything on the surface now. */
export function watchSpace(surface: HTMLElement, isWanted: () => boolean = () => true): Space {
  let held = false;
  const set = (on: boolean): void => {
    held = on;
    surface.classList.toggle("panning", on);
  };
  surface.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || !isWanted()) return;
    event.preventDefault();
    set(true);
  });
  document.addEventListener("keyup", (event) => event.key === " " && set(false));
  window.addEventListener("blur", () => set(false));
  return {
    get held() {
      return held;
    },
    release: () => set(false),
  };
}
