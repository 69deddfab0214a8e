// What components do with messages that are there already.
import { createContext } from 'svelte';
import type { MessageActions } from './actions';
import type { MessageDetails } from './details';

export const [useMessageActions, provideMessageActions] =
  createContext<Pick<MessageActions, 'edit' | 'remove' | 'hide' | 'restore' | 'linkTo'>>();

export const [useMessageDetails, provideMessageDetails] =
  createContext<
    Pick<
      MessageDetails,
      'removePreview' | 'forward' | 'one' | 'versions' | 'seenBy' | 'whyNotified'
    >
  >();
