/** How an app's photo comes in: chosen, taken with a camera, dropped or pasted anywhere on the page. */
import { isTyping } from "../commands/keys";
import { chooseFiles } from "../files";

/** A device with a camera that a page may ask for: one that is held in the hand. */
export const hasCamera = (): boolean => matchMedia("(pointer: coarse)").matches;

export const choosePhoto = async (accept: string): Promise<File | undefined> => (await chooseFiles({ accept }))[0];

export const takePhoto = async (): Promise<File | undefined> =>
  (await chooseFiles({ accept: "image/*", capture: "environment" }))[0];

/** Calls with files that are dropped on the page or pasted; `page` is marked while they are held over it. */
export function listenForPhotos(page: HTMLElement, take: (files: readonly File[]) => void): void {
  const hasFiles = (event: DragEvent): boolean => Boolean(event.dataTransfer?.types.includes("Files"));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    page.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) page.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    page.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length || isTyping(event.target)) return;
    event.preventDefault();
    take(files);
  });
}
