/** What a field shows that is typed into: its value, but for what is being typed in it and has not been taken yet. */
import { noChange } from "lit-html";
import { Directive, directive, type PropertyPart } from "lit-html/directive.js";
import { setCommittedValue } from "lit-html/directive-helpers.js";

class Typed extends Directive {
  #value: string | undefined;

  override update(part: PropertyPart, [value]: [string]) {
    const element = part.element as HTMLInputElement | HTMLTextAreaElement;
    const isSame = value === this.#value;
    this.#value = value;
    if (element.value === value || (isSame && element.ownerDocument.activeElement === element)) return noChange;
    setCommittedValue(part); // what was typed is not what lit has written
    return value;
  }

  override render(value: string) {
    return value;
  }
}

/** For `.value`, as lit's `live`, which would write over what is being typed whenever something else is shown anew. */
export const typed = directive(Typed);
