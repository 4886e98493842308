import { Link } from "@tanstack/react-router";
import classes from "./page-nav.module.css";
import { PAGES } from "./pages.ts";

/** The way between the pages: in the header, on a phone a bar at the thumb. */
export function PageNav() {
  return (
    <nav className={classes.nav} aria-label="Pages">
      {PAGES.map(({ path, name, icon: Icon }) => (
        <Link
          key={path}
          to={path}
          className={classes.link}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          <Icon className={classes.icon} size={20} aria-hidden />
          {name}
        </Link>
      ))}
    </nav>
  );
}
