const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** A moment in RFC 3339, as it is read here and now. */
export function atMoment(at: string): string {
  return moment.format(new Date(at));
}

/** A day written `2026-11-22`. */
export function onDay(date: string): string {
  return day.format(new Date(`${date}T00:00:00Z`));
}

/** The day of a moment in RFC 3339. */
export function dayOf(at: string): string {
  return day.format(new Date(at));
}

/** Words in a row: `a, b and c`. */
export function inRow(words: string[]): string {
  return list.format(words);
}

/** The host of an address, or the whole text where it is none. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
