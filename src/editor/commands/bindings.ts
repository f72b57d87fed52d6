/** Which keys mean which command: those of the table, but for what a person has changed. No DOM. */
import { computed, signal } from "@preact/signals-core";
import { isChord, keyText, typesWithAlt } from "./chord";
import { COMMAND_IDS, type CommandId, infoOf, isCommandId, type Place, placesMeet } from "./table";

/** Commands whose keys are not those of the table, as they are kept. */
export type OwnKeys = { readonly [id in CommandId]?: readonly string[] };

/** The commands of stored settings that still exist, with what are chords of theirs. */
export function readOwnKeys(stored: unknown): OwnKeys {
  if (typeof stored !== "object" || stored === null) return {};
  const entries = Object.entries(stored).filter(([id, keys]) => isCommandId(id) && Array.isArray(keys) && keys.every(isChord));
  return Object.fromEntries(entries) as OwnKeys;
}

/** Chords that browsers keep for themselves, or that always lead out of what is open. */
const TAKEN = new Set([
  "Ctrl+W",
  "Ctrl+T",
  "Ctrl+N",
  "Ctrl+Shift+N",
  "Ctrl+Shift+W",
  "Ctrl+Shift+T",
  "Tab",
  "Shift+Tab",
  "F5",
  "F11",
]);

export class Bindings {
  readonly #own = signal<OwnKeys>({});

  /** `keep` stores what has been changed. */
  constructor(
    own: OwnKeys,
    private readonly keep: (own: OwnKeys) => void,
  ) {
    this.#own.value = own;
  }

  /** By place and chord, the latest that was given the chord first. */
  readonly #byChord = computed(() => {
    const found = new Map<string, CommandId>();
    for (const id of COMMAND_IDS)
      for (const chord of this.of(id))
        if (!found.has(`${infoOf(id).place} ${chord}`)) found.set(`${infoOf(id).place} ${chord}`, id);
    return found;
  });

  /** A command's chords. A signal. */
  of(id: CommandId): readonly string[] {
    return this.#own.value[id] ?? infoOf(id).keys;
  }
  isOwn(id: CommandId): boolean {
    return this.#own.value[id] !== undefined;
  }
  get anyOwn(): boolean {
    return Object.keys(this.#own.value).length > 0;
  }

  /** The first of a command's chords for people, all of them where `all`; empty where it has none. */
  text(id: CommandId, all = false): string {
    return this.of(id)
      .slice(0, all ? undefined : 1)
      .map((chord) => keyText(chord))
      .join(", ");
  }

  find(chord: string, place: Place): CommandId | undefined {
    return this.#byChord.value.get(`${place} ${chord}`);
  }

  /** The command that a chord would be taken from. */
  conflict(id: CommandId, chord: string): CommandId | undefined {
    return COMMAND_IDS.find(
      (other) => other !== id && placesMeet(infoOf(other).place, infoOf(id).place) && this.of(other).includes(chord),
    );
  }

  /** Why a chord can be no command's; undefined where it can. */
  refusal(chord: string): string | undefined {
    if (TAKEN.has(chord)) return `${keyText(chord)} is the browser's own: choose other keys`;
    if (typesWithAlt(chord))
      return `${keyText(chord)} types a character, or opens a menu of the browser: choose keys without Alt`;
    return undefined;
  }

  /** Gives a command this one chord, and takes it from the one that had it. An empty text leaves it without keys. */
  set(id: CommandId, chord: string): void {
    const other = this.conflict(id, chord);
    this.#change({
      ...this.#own.value,
      ...(other && { [other]: this.of(other).filter((one) => one !== chord) }),
      [id]: chord ? [chord] : [],
    });
  }

  /** The table's keys again, where no other command was given them since; all commands' without an id. */
  reset(id?: CommandId): void {
    if (!id) {
      this.#change({});
      return;
    }
    const { [id]: _, ...rest } = this.#own.value;
    const own = rest as { [id in CommandId]?: readonly string[] };
    for (const chord of infoOf(id).keys) {
      const other = this.conflict(id, chord);
      if (other) own[other] = this.of(other).filter((one) => one !== chord);
    }
    this.#change(own);
  }

  #change(to: OwnKeys): void {
    const same = (id: CommandId) => JSON.stringify(to[id]) === JSON.stringify(infoOf(id).keys);
    const own = Object.fromEntries(Object.entries(to).filter(([id]) => isCommandId(id) && !same(id))) as OwnKeys;
    this.#own.value = own;
    this.keep(own);
  }
}
