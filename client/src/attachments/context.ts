// What components see of files: those beside a draft, and those that were sent.
import { createContext } from 'svelte';
import type { FileLists } from './file-lists';
import type { PendingAttachments } from './pending.svelte';

export const [usePendingAttachments, providePendingAttachments] =
  createContext<
    Pick<
      PendingAttachments,
      'refused' | 'add' | 'bring' | 'voice' | 'remove' | 'sendAsItIs' | 'findUnreadable'
    >
  >();

export const [useFileLists, provideFileLists] =
  createContext<Pick<FileLists, 'shared' | 'storage'>>();
