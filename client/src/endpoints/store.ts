// The endpoints of a bot, and what was sent to them.
import { nothingSchema } from '../contract/answers';
import {
  deliveriesSchema,
  deliveryAnswerSchema,
  endpointAnswerSchema,
  endpointWithSecretSchema,
  endpointsSchema,
  type Deliveries,
  type Delivery,
  type Endpoint,
  type EndpointWithSecret,
  type Endpoints as EndpointsOfBot,
} from '../contract/endpoints';
import type { Rest } from '../platform/rest';

export interface EndpointWish {
  readonly url: string;
  readonly types: readonly string[];
  readonly conversations: readonly string[];
}

export type EndpointChanges = Partial<EndpointWish> & { readonly disabled?: boolean };

function pathOf(bot: string, ...more: readonly string[]): string {
  return ['/bots', ...[bot, 'endpoints', ...more].map(encodeURIComponent)].join('/');
}

export class Endpoints {
  constructor(private readonly rest: Rest) {}

  of(bot: string): Promise<EndpointsOfBot> {
    return this.rest.call(endpointsSchema, 'GET', pathOf(bot));
  }

  create(bot: string, wish: EndpointWish): Promise<EndpointWithSecret> {
    return this.rest.create(endpointWithSecretSchema, pathOf(bot), wish);
  }

  async change(bot: string, endpoint: string, changes: EndpointChanges): Promise<Endpoint> {
    const path = pathOf(bot, endpoint);
    return (await this.rest.call(endpointAnswerSchema, 'PATCH', path, changes)).endpoint;
  }

  async remove(bot: string, endpoint: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', pathOf(bot, endpoint));
  }

  /** Gives it another secret, which is told in this answer only. */
  rotate(bot: string, endpoint: string): Promise<EndpointWithSecret> {
    return this.rest.create(endpointWithSecretSchema, pathOf(bot, endpoint, 'rotate'), {});
  }

  async sendTest(bot: string, endpoint: string): Promise<Delivery> {
    const path = pathOf(bot, endpoint, 'test');
    return (await this.rest.create(deliveryAnswerSchema, path, {})).delivery;
  }

  deliveries(bot: string, endpoint: string, before?: string): Promise<Deliveries> {
    const query = before === undefined ? '' : `?before=${encodeURIComponent(before)}`;
    return this.rest.call(deliveriesSchema, 'GET', pathOf(bot, endpoint, 'deliveries') + query);
  }

  async redeliver(bot: string, endpoint: string, delivery: string): Promise<Delivery> {
    const path = pathOf(bot, endpoint, 'deliveries', delivery, 'redeliver');
    return (await this.rest.call(deliveryAnswerSchema, 'POST', path, {})).delivery;
  }
}
