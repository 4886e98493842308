/** Data in a prompt: nothing in it can end the block that it stands in. */
export function dataBlock(data: unknown): string {
  const json = JSON.stringify(data).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  return `<data>\n${json}\n</data>`;
}
