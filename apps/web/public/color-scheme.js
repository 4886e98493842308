/* global window, document */
// Sets the colour scheme before the first paint; a file of its own because the page allows no inline script.
(function () {
  var kept = null;
  try {
    kept = window.localStorage.getItem("live-orders-color-scheme");
  } catch {
    // Storage switched off: follow the system.
  }
  var dark =
    kept === "dark" || (kept !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
