/** One of several: click for the list. */
import type { IWidget } from "../host";
import { openMenu } from "../overrides";
import { change, current, makeWidget, type Place } from "./widget";

export const choiceWidget = (place: Place): IWidget =>
  makeWidget(place, {
    show: (value) => `${value} ▾`,
    click(event) {
      const { choices = [] } = place.param;
      openMenu(
        place.host,
        choices.map((choice) => ({ label: choice, checked: choice === current(place), act: () => change(place, choice) })),
        event,
      );
    },
  });
