// What a client holds of one conversation; what changes it stands in the files beside.
import type { Member, Message, OwnFields } from '../contract/objects';
import type { GroupRules } from './group-rules';

interface Since {
  readonly version: number;
  readonly unread: boolean;
  /** It counted as unread until it was deleted. */
  readonly gone: boolean;
  readonly mention: boolean;
}

export interface UnreadBase {
  /** The server's counts, and the version up to which it had counted. */
  readonly count: number;
  readonly mentions: number;
  readonly version: number;
  /** Messages that came after that version, as the newest row of each has it. */
  readonly since: ReadonlyMap<number, Since>;
  /** Messages that the server had counted and that are gone since, with the version of that. */
  readonly gone: ReadonlyMap<number, number>;
  /** A change whose effect cannot be told from here: counts of this version or later are needed. */
  readonly recountFrom: number | null;
}

/** A part far from the newest messages. */
export interface JumpContext {
  /** Without gaps, ascending; not joined to the held messages. */
  readonly messages: readonly Message[];
  /** The server has older ones. */
  readonly more: boolean;
}

export interface ConversationState {
  readonly id: string;
  readonly kind: 'direct' | 'group';
  readonly title: string | null;
  /** Missing in what an earlier version of the page kept in the browser. */
  readonly description: string | null | undefined;
  readonly avatar_url: string | null;
  readonly visibleHistory: 'all' | 'joined';
  /** Who posts and reacts in a group, and how many seconds a member waits between two messages. */
  readonly rules: GroupRules;
  readonly created_at: number;
  readonly last: Message | null;
  readonly own: OwnFields;
  readonly unreadBase: UnreadBase;
  /** Everything up to here has been applied. */
  readonly version: number;
  /** The server's epoch in which the version was got; empty until the first sync tells. */
  readonly epoch: string;
  /** Versions that arrived beyond a hole. */
  readonly pendingVersions: readonly number[];
  /** The version that title, description and picture stem from. */
  readonly fieldsVersion: number;
  readonly members: ReadonlyMap<string, Member>;
  readonly membersLoaded: boolean;
  readonly history: 'none' | 'loading' | 'loaded';
  /** Without gaps from the first one held to the latest, once history is held. */
  readonly messages: readonly Message[];
  /** The server has older ones. */
  readonly more: boolean;
  /** Rows outside the held range: a page that is on its way may be older than they are. */
  readonly outOfRangeRows: ReadonlyMap<number, Message>;
  /** A part far above, while somebody looks at it. */
  readonly context: JumpContext | null;
  /** What the person deleted for themselves: it is not shown, whatever arrives. */
  readonly hidden: ReadonlySet<number>;
}
