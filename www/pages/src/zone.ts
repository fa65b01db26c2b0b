// Wall-clock time in a zone, from the browser's own rules: which date and minute an instant is, and back. An hour that
// does not exist moves forward and one that comes twice means the first, as RFC 5545 §3.3.5 says for local times.

/** A date without a clock, `2027-03-28`. */
export type PlainDate = string;

export interface Wall {
  date: PlainDate;
  /** Minutes since midnight by the clock on the wall. */
  minutes: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;

export function wallOf(instant: string | number, zone: string): Wall {
  const local = localMilliseconds(new Date(instant).getTime(), zone);
  const date = dateOf(local);
  return { date, minutes: Math.floor((local - Date.parse(date)) / MINUTE) };
}

export function instantOf({ date, minutes }: Wall, zone: string): Date {
  return new Date(candidates(date, minutes, zone)[0] as number);
}

/** What the clock does on a day: hours that are skipped, hours that come twice. */
export function clockChanges(date: PlainDate, zone: string): { skipped: number[]; doubled: number[] } {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return {
    skipped: hours.filter(
      (hour) => wallOf(instantOf({ date, minutes: hour * 60 }, zone).getTime(), zone).minutes !== hour * 60,
    ),
    doubled: hours.filter((hour) => candidates(date, hour * 60, zone).length > 1),
  };
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return dateOf(Date.parse(date) + days * DAY);
}

export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The instants that read so on the wall, earliest first; in a gap the one that the clock moves on to. */
function candidates(date: PlainDate, minutes: number, zone: string): number[] {
  const local = Date.parse(date) + minutes * MINUTE;
  const before = local - offset(local - DAY, zone);
  const after = local - offset(local + DAY, zone);
  const real = [...new Set([before, after])].filter((instant) => localMilliseconds(instant, zone) === local);
  return real.length > 0 ? real.sort((a, b) => a - b) : [before];
}

function offset(instant: number, zone: string): number {
  return localMilliseconds(instant, zone) - instant;
}

/** The wall's reading as if it were UTC. */
function localMilliseconds(instant: number, zone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of formatter(zone).formatToParts(whole)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    const two = '2-digit' as const;
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formatters.set(zone, found);
  }
  return found;
}

function dateOf(utc: number): PlainDate {
  return new Date(utc).toISOString().slice(0, 10);
}
