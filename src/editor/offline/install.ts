/** The page as a program of its own, where the browser offers to install it. */

interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

let offer: InstallOffer | undefined;

/** Keeps the browser's offer until a person asks for it. To be called first of all: browsers offer early. */
export function awaitInstallOffer(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // or the browser asks by itself
    offer = event as InstallOffer;
  });
  addEventListener("appinstalled", () => {
    offer = undefined;
  });
}

export const canInstall = (): boolean => offer !== undefined;

/** Asks the person, by the browser's own dialog; an offer is good for once. */
export async function install(): Promise<void> {
  const made = offer;
  offer = undefined;
  await made?.prompt();
}
