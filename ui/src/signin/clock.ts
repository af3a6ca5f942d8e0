/** This moment, RFC 3339. */
export function now(): string {
  return new Date().toISOString();
}

/** Seconds as minutes and seconds, such as 4:05. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
