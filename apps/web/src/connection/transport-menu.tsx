import { useState } from "react";
import { useParts } from "../live/page-parts.tsx";
import { TRANSPORT_NAMES, TRANSPORT_WORDS, type TransportChoice } from "./transport-choice.ts";
import classes from "./transport-menu.module.css";

const CHOICES: readonly TransportChoice[] = ["auto", ...TRANSPORT_NAMES];

/** How the changes come: by itself, or by the one transport that was chosen. Kept in the browser. */
export function TransportMenu({ id }: { readonly id: string }) {
  const { live, transport } = useParts();
  const [choice, setChoice] = useState(() => transport.choice());
  return (
    <div id={id} popover="auto" className={classes.menu}>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>How changes come</legend>
        {CHOICES.map((value) => (
          <label key={value} className={classes.choice}>
            <input
              type="radio"
              name={id}
              checked={value === choice}
              onChange={() => {
                setChoice(value);
                transport.choose(value);
                live.useTransport(transport.transport());
              }}
            />
            <span>{value === "auto" ? "Automatic" : TRANSPORT_WORDS[value].name}</span>
          </label>
        ))}
      </fieldset>
      <p className={classes.note}>Automatic takes the first of these that the network lets through.</p>
    </div>
  );
}
