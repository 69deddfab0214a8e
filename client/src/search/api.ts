// Search: messages, people and conversations that fit what the person looks for.
import { queryString } from '../platform/api-client';
import type { Rest } from '../platform/rest';
import { searchSchema, type Found } from '../contract/answers';

export interface SearchWish {
  readonly text: string;
  /** A conversation's id. */
  readonly in?: string;
  /** A person's id. */
  readonly from?: string;
  readonly before?: number;
  readonly after?: number;
  readonly has?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export class SearchApi {
  constructor(private readonly rest: Rest) {}

  async find({ text, ...filters }: SearchWish): Promise<Found> {
    return this.rest.call(searchSchema, 'GET', `/search${queryString({ q: text, ...filters })}`);
  }
}
