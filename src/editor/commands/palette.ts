/** The palette: all that can be done now, found by its name. */
import { type Choice, openPicker } from "../picker";
import type { Commands } from "./commands";
import { type CommandId, infoOf } from "./table";

/** The palette does not offer itself. */
const LEFT_OUT: readonly CommandId[] = ["page.palette"];

/** `more` are offered after the commands, such as nodes to add and graphs to open. */
export const openPalette = (commands: Commands, more: readonly Choice[]): void =>
  openPicker(undefined, "Do what?", [
    ...commands.available
      .filter((id) => !LEFT_OUT.includes(id))
      .map((id): Choice => {
        const { detail } = infoOf(id);
        const hint = commands.bindings.text(id);
        return {
          title: commands.label(id).replace(/…$/, ""),
          words: id.replace(".", " "),
          ...(detail && { detail }),
          ...(hint && { hint }),
          pick: () => commands.run(id),
        };
      }),
    ...more,
  ]);
