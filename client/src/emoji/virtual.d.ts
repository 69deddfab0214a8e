// The module that the build makes of emojibase's data (client/build/emoji.ts).
declare module 'virtual:emoji' {
  /** Emoji, group, English and German name, shortcodes, keywords, and the five skin tones. */
  export type EmojiRow = readonly [
    emoji: string,
    group: number,
    english: string,
    german: string,
    codes: string,
    keywords: string,
    skins?: readonly string[],
  ];
  const rows: readonly EmojiRow[];
  export default rows;
}
