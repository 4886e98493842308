/** Search params as people write them, `?q=12`, not as JSON. The first of a repeated one counts. */
export function parsePlainSearch(text: string): Record<string, string> {
  const params = new URLSearchParams(text);
  const search: Record<string, string> = {};
  for (const [name, value] of params) search[name] ??= value;
  return search;
}

export function stringifyPlainSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" || typeof value === "number") params.set(name, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
