const FALLBACK = "en-US";

/** What Chromium says in a POSIX locale ("en-US@posix") is no tag of BCP 47, and `Intl` refuses it with an error. */
export function languageTag(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? FALLBACK;
  } catch {
    return FALLBACK;
  }
}

/** Before uPlot loads: it hands the browser's language to `Intl` as it is evaluated, and a page without it fails. */
export function mendBrowserLanguage(navigator: Navigator): void {
  const value = languageTag(navigator.language);
  if (value !== navigator.language)
    Object.defineProperty(navigator, "language", { value, configurable: true });
}
