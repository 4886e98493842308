import { useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";
import { choiceWord, TRANSPORT_CHOICES } from "./transport-choice.ts";
import classes from "./transport-menu.module.css";

/** How the changes come: by itself, or by the one transport that was chosen. Kept in the browser. */
export function TransportMenu({ id }: { readonly id: string }) {
  const { live, transport } = useParts();
  const choice = useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.choice(),
  );
  return (
    <div id={id} popover="auto" className={classes.menu}>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>How changes come</legend>
        {TRANSPORT_CHOICES.map((value) => (
          <label key={value} className={classes.choice}>
            <input
              type="radio"
              name={id}
              checked={value === choice}
              onChange={() => {
                transport.choose(value);
                live.useTransport(transport.transport());
              }}
            />
            <span>{choiceWord(value)}</span>
          </label>
        ))}
      </fieldset>
      <p className={classes.note}>Automatic takes the first of these that the network lets through.</p>
    </div>
  );
}
