/** The commands at work: what each does here and now, for keys, menus, buttons and the palette. */
import type { MenuEntry } from "../menu";
import { Bindings, type OwnKeys } from "./bindings";
import { chordsOf, type KeyPress } from "./chord";
import { COMMAND_IDS, type CommandId, infoOf, type Place } from "./table";

/** A point of the graph. */
export type GraphPoint = readonly [x: number, y: number];

export interface Handler {
  /** `at`: where the menu was asked for that it is chosen from. */
  run(at?: GraphPoint): unknown;
  /** Absent: always. */
  available?(): boolean;
  /** In place of the table's, such as "Duplicate 3 nodes". */
  label?(): string;
  /** Of a command that is on or off. */
  checked?(): boolean;
}

export class Commands {
  readonly bindings: Bindings;
  readonly #handlers = new Map<CommandId, Handler>();

  constructor(own: OwnKeys = {}, keep: (own: OwnKeys) => void = () => {}) {
    this.bindings = new Bindings(own, keep);
  }

  /** Says what commands do. A function alone is always available. */
  provide(handlers: { readonly [id in CommandId]?: Handler | Handler["run"] }): void {
    for (const [id, handler] of Object.entries(handlers))
      this.#handlers.set(id as CommandId, typeof handler === "function" ? { run: handler } : handler);
  }

  /** Those that can be run now, in the order of the table. */
  get available(): readonly CommandId[] {
    return COMMAND_IDS.filter((id) => this.isAvailable(id));
  }
  isAvailable(id: CommandId): boolean {
    const handler = this.#handlers.get(id);
    return handler !== undefined && (handler.available?.() ?? true);
  }

  run(id: CommandId, at?: GraphPoint): void {
    if (this.isAvailable(id)) this.#handlers.get(id)!.run(at);
  }

  label(id: CommandId): string {
    return this.#handlers.get(id)?.label?.() ?? infoOf(id).label;
  }

  /** "Undo (Ctrl+Z)", for a control's tip: `words` stand in the place of the label. */
  tip(id: CommandId, words = infoOf(id).label): string {
    const keys = this.bindings.text(id);
    return keys ? `${words} (${keys})` : words;
  }

  /** Entries of a menu that was asked for at a point of the graph, or elsewhere: null is a line. What cannot be run is left out. */
  menu(entries: readonly (CommandId | null)[], at?: GraphPoint): MenuEntry[] {
    const shown = entries.flatMap((id): MenuEntry[] => {
      if (id === null) return [null];
      if (!this.isAvailable(id)) return [];
      const checked = this.#handlers.get(id)?.checked?.();
      const { detail } = infoOf(id);
      const hint = this.bindings.text(id);
      return [
        {
          label: this.label(id),
          ...(detail && { detail }),
          ...(hint && { hint }),
          ...(checked !== undefined && { checked }),
          act: () => this.run(id, at),
        },
      ];
    });
    // No line at an end, or beside another.
    return shown.filter((entry, i) => entry !== null || (i > 0 && i < shown.length - 1 && shown[i - 1] !== null));
  }

  /** The command that a key means in these places, the first of them first. */
  match(event: KeyPress & { readonly repeat?: boolean }, places: readonly Place[]): CommandId | undefined {
    const chords = chordsOf(event);
    for (const place of places)
      for (const chord of chords) {
        const id = this.bindings.find(chord, place);
        if (id && (!event.repeat || infoOf(id).repeats)) return id;
      }
    return undefined;
  }
}
