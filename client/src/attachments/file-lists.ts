// The files of a conversation, and those that take up the person's storage.
import { filesSchema, storageSchema, type SharedFile, type Storage } from '../contract/answers';
import { conversationPath, queryString } from '../platform/api-client';
import type { Rest } from '../platform/rest';

export type FileKind = 'media' | 'audio' | 'file';

export class FileLists {
  constructor(private readonly rest: Rest) {}

  /** What was sent in a conversation, the latest first. */
  async shared(
    conversation: string,
    kind: FileKind,
    before?: number,
  ): Promise<{ files: SharedFile[]; more: boolean }> {
    const path = conversationPath(conversation, 'files') + queryString({ kind, before });
    return this.rest.call(filesSchema, 'GET', path);
  }

  /** What the person's files take, and which of them take most. */
  async storage(): Promise<Storage> {
    return (await this.rest.call(storageSchema, 'GET', '/me/storage')).storage;
  }
}
