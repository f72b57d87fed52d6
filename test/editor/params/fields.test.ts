import { render } from "lit-html";
import { afterEach, expect, it } from "vitest";
import { controlsOf } from "../../../src/editor/params/controls";
import { paramRow } from "../../../src/editor/params/row";
import { everything } from "../../litegraph/fake";

const place = document.createElement("div");
document.body.append(place);
afterEach(() => render(undefined, place));

/** The rows as the panel shows them, of these values. */
function show(properties: Record<string, unknown>, set: (values: object) => void = () => {}): void {
  const actions = { set, refuse() {}, choose() {}, open() {} };
  const rows = controlsOf({ properties, feeder: () => undefined }, everything);
  render(
    rows.map((control) => paramRow(control, `of-${control.name}`, undefined, actions, {})),
    place,
  );
}
const input = (id: string) => place.querySelector<HTMLInputElement>(`#${id}`)!;
function type(id: string, text: string): void {
  input(id).focus();
  input(id).value = text;
}

it("what is being typed stays while the node computes and is shown anew", () => {
  for (const [id, text] of [
    ["of-blocks-number", "1"],
    ["of-name", "half a na"],
  ] as const) {
    show({ blocks: 8, name: "x" });
    type(id, text);
    show({ blocks: 8, name: "x" });
    expect(input(id).value).toBe(text);
    input(id).blur();
  }
});

it("a value that is set elsewhere, or by the arrow keys, is shown in the field that has the keys", () => {
  show({ blocks: 8 }, (values) => show(values as Record<string, unknown>));
  input("of-blocks-number").focus();
  input("of-blocks-number").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
  expect(input("of-blocks-number").value).toBe("9");
  type("of-blocks-number", "77");
  show({ blocks: 3 });
  expect([input("of-blocks-number").value, input("of-blocks").value]).toEqual(["3", "3"]);
});

it("what was typed and not taken goes once the field is left", () => {
  show({ name: "x" });
  type("of-name", "y");
  input("of-name").blur();
  show({ name: "x" });
  expect(input("of-name").value).toBe("x");
});
