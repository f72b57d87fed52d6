/** An app's head: what it is called and for, the way to the editor, how the page looks. */
import { button, h } from "../dom";
import { openMenu } from "../menu";
import { canInstall, install } from "../offline/install";
import type { Settings } from "../settings";
import { lookMenu, type Themes } from "../theme/page-look";
import type { Toasts } from "../toasts";
import { addressWith } from "./address";
import type { AppSession } from "./session";

export interface HeadParts {
  readonly session: AppSession;
  readonly settings: Settings;
  readonly themes: Themes;
  readonly toasts: Toasts;
  keep(settings: Settings): void;
}

export function createHead({ session, settings, themes, toasts, keep }: HeadParts): HTMLElement {
  const look = button("look", "Light, dark or high contrast", () =>
    openMenu(
      look,
      [
        ...lookMenu(settings.look, (to) => {
          themes.choose(to);
          settings.look = to;
          keep(settings);
        }),
        ...(canInstall() ? [null, { label: "Install…", act: () => void install() }] : []),
      ],
      "Look",
    ),
  );
  const edit = h(
    "a",
    { class: "button", href: "#", "aria-label": "Open in the editor" },
    [h("span", { class: "app-wide" }, ["Open in the editor"]), h("span", { class: "app-narrow" }, ["Editor"])],
    {
      click: (event) => {
        try {
          edit.href = addressWith(session.graph, location.href, false); // as it is now
        } catch (error) {
          event.preventDefault();
          toasts.fail(error);
        }
      },
    },
  );
  const { title, description } = session.model;
  return h("div", { class: "app-head" }, [
    h("div", { class: "app-title" }, [h("h1", {}, [title]), h("p", {}, [description])]),
    edit,
    look,
  ]);
}
