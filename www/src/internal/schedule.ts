// Wakes one tab of a browser when a run is due: the one that the person last looked at leads, the others wait in line
// for its Web Lock, which the browser gives on when a tab dies. When a run is due, `due.ts` decides.

/** A computer that slept wakes up to it within this time. */
const LONGEST_NAP_MS = 60_000;

export class Schedule {
  readonly openedAt = Date.now();
  /** When the person last turned to the page. */
  seenAt = this.openedAt;
  /** When the network last came back. */
  onlineAt = 0;

  private isLeader = false;
  private isClosed = false;
  /** Gives the lock back, or leaves the line for it. */
  private resign: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly events = new AbortController();

  /**
   * `isEager`: whether anything is ever done here by itself; a page where it is not leaves the lead to others. `due`: when
   * to act next, undefined for not yet. `noticed`: time has passed, or the page was looked at again.
   */
  constructor(
    private readonly name: string,
    private readonly isEager: boolean,
    private readonly due: () => number | undefined,
    private readonly act: () => void,
    private readonly noticed: () => void,
  ) {
    const { signal } = this.events;
    document.addEventListener('visibilitychange', () => this.seen(), { signal });
    window.addEventListener('focus', () => this.seen(), { signal });
    window.addEventListener('offline', this.again, { signal });
    window.addEventListener(
      'online',
      () => {
        this.onlineAt = Date.now();
        this.again();
      },
      { signal },
    );
    // A page that the browser puts aside could not lead, and with a lock it would not be put aside.
    window.addEventListener('pagehide', () => this.resign?.(), { signal });
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.stand(), { signal });
    this.stand();
  }

  get isVisible(): boolean {
    return document.visibilityState === 'visible';
  }

  /** Something happened on which the next time depends. */
  readonly again = (): void => {
    clearTimeout(this.timer);
    if (this.isClosed || !this.isLeader) return;
    const due = this.due();
    const nap = due === undefined ? LONGEST_NAP_MS : Math.min(Math.max(due - Date.now(), 0), LONGEST_NAP_MS);
    this.timer = setTimeout(() => {
      const now = this.due();
      if (now !== undefined && now <= Date.now()) return this.act();
      this.noticed();
      this.again();
    }, nap);
  };

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.events.abort();
    this.resign?.();
  }

  private seen(): void {
    if (this.isVisible) {
      this.seenAt = Date.now();
      if (!this.isLeader) this.stand();
      this.noticed();
    }
    this.again();
  }

  /**
   * Whoever is looked at takes the lead, so that the browser does not slow its clock down; the others stand in line for
   * it.
   */
  private stand(takes = this.isEager && this.isVisible): void {
    this.resign?.();
    const candidacy = new AbortController();
    const { signal } = candidacy;
    const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    this.resign = () => {
      this.isLeader = false;
      clearTimeout(this.timer);
      candidacy.abort();
    };
    const lead = async (): Promise<void> => {
      // Granted when we had just left the line.
      if (signal.aborted) return;
      this.isLeader = true;
      this.again();
      await left;
    };
    // Without Web Locks no run can begin, and its report says why.
    if (navigator.locks === undefined) return void lead();
    navigator.locks.request(this.name, takes ? { steal: true } : { signal }, lead).catch(() => {
      // Another tab took the lead.
      if (!signal.aborted) this.stand(false);
    });
  }
}
