// Reports about people and what they said, for the moderators of the server.
import { nothingSchema } from '../contract/answers';
import type { Rest } from '../platform/rest';

export interface Report {
  readonly reason: string;
  readonly text?: string;
  readonly conversation?: string;
  readonly seq?: number;
}

export class Reports {
  constructor(private readonly rest: Rest) {}

  async send(user: string, report: Report): Promise<void> {
    const path = `/users/${encodeURIComponent(user)}/reports`;
    await this.rest.create(nothingSchema, path, report);
  }
}
