/** The menu "compare with": the other pictures in the graph. */
import type { Layer } from "../layers";
import type { MenuEntry } from "../menu";
import type { ViewPictures } from "./pictures";

export function compareMenu(pictures: ViewPictures, layers: readonly Layer[]): readonly MenuEntry[] {
  const { after, compared } = pictures;
  const is = (layer: Layer, shown: Layer | undefined): boolean => layer.node === shown?.node && layer.output === shown?.output;
  const others: MenuEntry[] = layers
    .filter((layer) => !is(layer, after?.layer))
    .map((layer) => ({
      label: layer.label,
      checked: is(layer, compared?.layer),
      act: () => pictures.compareWith(layer),
    }));
  if (compared) others.push(null, { label: "No comparison", act: () => pictures.compareWith(undefined) });
  return others.length ? ["Before", ...others] : ["No other picture in the graph"];
}
