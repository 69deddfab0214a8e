// The person's API keys, with which programs act for them.
import { apiKeysSchema, createdApiKeySchema, nothingSchema } from '../contract/answers';
import type { ApiKey, ApiScope } from '../contract/objects';
import type { Rest } from '../platform/rest';

export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** Milliseconds; null means that it does not expire. */
  readonly expires_at: number | null;
}

/** The only time that it is told what makes it a key. */
export interface CreatedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export class ApiKeys {
  constructor(private readonly rest: Rest) {}

  async list(): Promise<readonly ApiKey[]> {
    return (await this.rest.call(apiKeysSchema, 'GET', '/me/keys')).keys;
  }

  create(wanted: WantedKey): Promise<CreatedKey> {
    return this.rest.create(createdApiKeySchema, '/me/keys', wanted);
  }

  async revoke(key: string): Promise<void> {
    await this.rest.call(nothingSchema, 'DELETE', `/me/keys/${encodeURIComponent(key)}`);
  }
}
