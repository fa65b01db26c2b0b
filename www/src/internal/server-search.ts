// What the gateway says about its search for the server. Types alone, so that the catalogue of words can name them.

/** How a question to a server was put; see the gateway's `autodiscover/question.rs`. */
export type Way = 'json' | 'pox' | 'httpRedirect';

/** How it ended; see `autodiscover/search.rs`. */
export type Outcome =
  | 'found'
  | 'noSuchHost'
  | 'notPublic'
  | 'noConnection'
  | 'certificate'
  | 'timedOut'
  | 'tooLarge'
  | 'notThere'
  | 'notUnderstood'
  | 'signInRefused'
  | 'noBasic'
  | 'unknownMailbox'
  | 'tooManyRedirects'
  | 'unsafeAddress'
  | 'hostNotAllowed'
  | 'confirm'
  | 'needsPassword';

export interface Step {
  way: Way;
  host: string;
  outcome: Outcome;
}

/** What the gateway's search found, as a suggestion. */
export interface ServerSearch {
  serverUrl: string | null;
  steps: Step[];
}
