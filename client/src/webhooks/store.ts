// The incoming webhooks of a group: addresses to which programs post.
import { nothingSchema } from '../contract/answers';
import { webhookAnswerSchema, webhooksSchema, type Webhook } from '../contract/webhooks';
import { conversationPath } from '../platform/api-client';
import type { Rest } from '../platform/rest';

export class Webhooks {
  constructor(private readonly rest: Rest) {}

  async list(conversation: string): Promise<readonly Webhook[]> {
    const path = conversationPath(conversation, 'webhooks');
    return (await this.rest.call(webhooksSchema, 'GET', path)).webhooks;
  }

  /** The only answer with its address. */
  async create(conversation: string, name: string): Promise<Webhook> {
    const path = conversationPath(conversation, 'webhooks');
    return (await this.rest.create(webhookAnswerSchema, path, { name })).webhook;
  }

  /** A picture, or null for none. */
  async setPicture(conversation: string, webhook: string, picture: Blob | null): Promise<void> {
    const path = conversationPath(conversation, 'webhooks', webhook, 'avatar');
    if (picture === null) {
      await this.rest.call(webhookAnswerSchema, 'DELETE', path);
      return;
    }
    const form = new FormData();
    form.append('file', picture, 'avatar');
    await this.rest.call(webhookAnswerSchema, 'PUT', path, form);
  }

  async revoke(conversation: string, webhook: string): Promise<void> {
    const path = conversationPath(conversation, 'webhooks', webhook);
    await this.rest.call(nothingSchema, 'DELETE', path);
  }
}

/** A line for a terminal that posts; it works in the shells of all systems. */
export function curlLine(address: string): string {
  return `curl -d "text=Hello" ${address}`;
}
