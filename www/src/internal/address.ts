/** An absolute address without a trailing slash, for the worker, which has no page to be relative to. */
export function baseAddress(address: string, otherwise: string): string {
  return new URL(address || otherwise, document.baseURI).href.replace(/\/+$/, '');
}

/** The gateway serves the plugin as `<gateway>/plugin/blikk-calendar-sync.js`: so it is where this script came from. */
export function ownGateway(): string {
  const script = import.meta.url;
  return new URL('..', script).href;
}
