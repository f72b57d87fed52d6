/** What an app takes in: its photo, and files for other parameters; kept with the engine, and set. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Engine } from "../../browser/protocol";
import type { FileRef } from "../../graph/node";
import { bytesOf, choose } from "../files";
import type { Toasts } from "../toasts";
import { choosePhoto, hasCamera, listenForPhotos, takePhoto } from "./photo";
import type { AppSession } from "./session";

export interface IntakeParts {
  /** Photos are dropped on it. */
  readonly root: HTMLElement;
  readonly session: AppSession;
  readonly engine: Pick<Engine, "addFile">;
  readonly toasts: Toasts;
  /** A photo may be set. */
  coming(file: File): void;
  /** A photo has been set, or it could not be. */
  onGiven(isSet: boolean): void;
}

export interface Intake {
  /** Lets a person choose a file for a parameter; false where none was, or it cannot be used, which is said. */
  choose(node: number, param: string, accept: string): Promise<boolean>;
  /** Which photo there is, and the ways to bring another; nothing where the app takes none. Reads signals. */
  template(): TemplateResult | typeof nothing;
}

export function createIntake({ root, session, engine, toasts, coming, onGiven }: IntakeParts): Intake {
  async function give(file: File | undefined, node: number, param: string, accept: string): Promise<boolean> {
    if (!file) return false;
    try {
      const ref = await engine.addFile(await bytesOf(file), file.name, { accept });
      session.set(node, { [param]: ref });
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    }
  }

  async function takePicture(file: File | undefined): Promise<void> {
    const { photo } = session.model;
    if (!photo || !file) return;
    coming(file);
    onGiven(await give(file, photo.node, photo.param, photo.accept));
  }

  async function take(files: readonly File[]): Promise<void> {
    if (!session.model.photo) toasts.show("This app takes no photo.", "error");
    else if (files.length > 1)
      toasts.show(`${files.length} files have come, and an app takes one photo: the editor runs several.`, "error");
    else await takePicture(files[0]);
  }
  listenForPhotos(root, (files) => void take(files));

  /** Its name; the sample's says that it is one. */
  function photoName(): string {
    const { photo } = session.model;
    const value = photo && session.graph.nodes.find(({ id }) => id === photo.node)?.properties?.[photo.param];
    const name = typeof value === "string" ? value : ((value as FileRef | null | undefined)?.name ?? "");
    return name.startsWith("sample:") ? "A sample: bring a photo of your own" : name;
  }

  return {
    choose: async (node, param, accept) => give(await choose(accept), node, param, accept),
    template() {
      const { photo } = session.model;
      if (!photo) return nothing;
      return html`<div class="app-photo">
        <button type="button" class="button" @click=${() => void choosePhoto(photo.accept).then(takePicture)}>
          Choose a photo…
        </button>
        ${hasCamera() ? html`<button type="button" class="button" @click=${() => void takePhoto().then(takePicture)}>Take a photo</button>` : nothing}
        <p>${photoName() || "No photo yet"}</p>
        ${hasCamera() ? nothing : html`<p class="app-hint">Or drop one here, or paste it.</p>`}
      </div>`;
    },
  };
}
