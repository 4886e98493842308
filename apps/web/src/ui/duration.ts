const UNITS = [
  { seconds: 86_400, name: "d" },
  { seconds: 3600, name: "h" },
  { seconds: 60, name: "min" },
  { seconds: 1, name: "s" },
] as const;

/** "less than 1 s", "42 s", "2 h 5 min", "3 d": the largest unit, and the next one if it says something. In ms. */
export function durationWord(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const first = UNITS.findIndex(({ seconds }) => whole >= seconds);
  const [unit, next] = [UNITS[first], UNITS[first + 1]];
  if (unit === undefined) return "less than 1 s";
  const count = Math.floor(whole / unit.seconds);
  const rest = next === undefined ? 0 : Math.floor((whole % unit.seconds) / next.seconds);
  const more = next === undefined || rest === 0 ? "" : ` ${rest} ${next.name}`;
  return `${count} ${unit.name}${more}`;
}
