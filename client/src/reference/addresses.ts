// Where the documents of the API are, and the page that shows them.
import { apiRoot } from '../platform/rest';

export const prefix = apiRoot;
export const addresses = {
  page: `${apiRoot}/docs`,
  openapi: `${apiRoot}/openapi.json`,
  asyncapi: `${apiRoot}/asyncapi.json`,
} as const;
