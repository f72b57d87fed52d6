/** The built page, kept for use without a network; a new version is offered, and taken when a person says so. */
import type { Toasts } from "../toasts";

export interface OfflineParts {
  readonly toasts: Toasts;
  /** What keeps the page from being loaded anew, as the end of a message; undefined: nothing. */
  obstacle(): string | undefined;
  /** Writes down what is not yet. */
  save(): void;
}

/** Milliseconds after which all that may be needed is kept too, once the page is there. */
const SETTLED = 20_000;
/** Milliseconds between looks for a new version, in a page that stays open. */
const LOOK = 4 * 3600_000;

/** Does nothing where there are no service workers, as over plain http, and on the development server. */
export async function keepOffline({ toasts, obstacle, save }: OfflineParts): Promise<void> {
  const { serviceWorker } = navigator;
  if (!import.meta.env.PROD || !serviceWorker) return;
  const registration = await serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => undefined);
  if (!registration) return;

  let taking = false;
  const take = (): void => {
    const why = obstacle();
    if (why) {
      toasts.show(`The new version waits: ${why}. It comes at the next start, or load the page again then.`);
      return;
    }
    taking = true;
    save();
    registration.waiting?.postMessage("take over");
  };
  const offer = (): void => {
    if (registration.waiting && serviceWorker.controller)
      toasts.show("There is a new version of this page. Your graph is kept.", "info", [{ label: "Load it", act: take }]);
  };
  serviceWorker.addEventListener("controllerchange", () => taking && location.reload());
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", () => installing.state === "installed" && offer());
  });
  offer();
  setInterval(() => void registration.update().catch(() => {}), LOOK);

  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
  const keepAll = (): void => registration.active?.postMessage("keep all");
  if (!saves) setTimeout(keepAll, SETTLED);
  addEventListener("appinstalled", keepAll);
}
