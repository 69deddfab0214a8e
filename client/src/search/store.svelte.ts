// What a search is about, until it is closed.

export class Search {
  /** The conversation to search; null for all of them. */
  within = $state<string | null>(null);
}
