// Endpoints of bots and what was sent to them; fetched with the page that shows them.
import * as v from 'valibot';

const moment = v.nullable(v.number());

export const endpointSchema = v.object({
  id: v.string(),
  url: v.string(),
  types: v.array(v.string()),
  /** Only what happens there is sent; none for all. */
  conversations: v.array(v.string()),
  state: v.fallback(v.picklist(['working', 'failing', 'disabled']), 'working'),
  failing_since: moment,
  paused_until: moment,
  /** Why it is disabled. */
  disabled: v.nullable(v.string()),
  /** Until then the secret before signs as well. */
  previous_until: moment,
});

export const deliverySchema = v.object({
  id: v.string(),
  type: v.string(),
  created_at: v.number(),
  state: v.fallback(v.picklist(['waiting', 'delivered', 'failed']), 'failed'),
  attempts: v.number(),
  tried_at: moment,
  status: v.nullable(v.number()),
  error: v.string(),
  answer: v.string(),
  duration: v.nullable(v.number()),
  next_at: moment,
  reply: v.nullable(v.number()),
});

export const endpointsSchema = v.object({
  endpoints: v.array(endpointSchema),
  conversations: v.array(v.string()),
});
export const endpointAnswerSchema = v.object({ endpoint: endpointSchema });
export const endpointWithSecretSchema = v.object({ endpoint: endpointSchema, secret: v.string() });
export const deliveriesSchema = v.object({
  deliveries: v.array(deliverySchema),
  more: v.boolean(),
});
export const deliveryAnswerSchema = v.object({ delivery: deliverySchema });

export type Endpoint = v.InferOutput<typeof endpointSchema>;
export type Endpoints = v.InferOutput<typeof endpointsSchema>;
export type EndpointWithSecret = v.InferOutput<typeof endpointWithSecretSchema>;
export type Delivery = v.InferOutput<typeof deliverySchema>;
export type Deliveries = v.InferOutput<typeof deliveriesSchema>;
