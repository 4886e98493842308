/** What a tab keeps over a reload; in a browser that forbids it, for as long as the page lives. */
export function tabStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return window.sessionStorage;
  } catch {
    const kept = new Map<string, string>();
    return {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => {
        kept.set(name, value);
      },
      removeItem: (name) => {
        kept.delete(name);
      },
    };
  }
}

/** What the browser keeps for the page; null where it forbids that. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
