// All shortcuts of the keyboard, as the help sheet shows them.
import { texts } from '../texts';

export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** Apple's keyboards have another name for the key, and their browsers another key. */
export function commandKey(platform = navigator.platform): string {
  return /Mac|iPhone|iPad/u.test(platform) ? '⌘' : texts.help.keys.control;
}

export function shortcutGroups(): readonly ShortcutGroup[] {
  const command = commandKey();
  const { keys } = texts.help;
  return [
    {
      title: texts.help.moving,
      shortcuts: [
        { keys: [command, 'K'], does: texts.help.switch },
        { keys: [command, keys.shift, 'F'], does: texts.help.search },
        { keys: [keys.alt, '↑'], does: texts.help.previous },
        { keys: [keys.alt, '↓'], does: texts.help.next },
        { keys: [keys.alt, keys.shift, '↑'], does: texts.help.previousUnread },
        { keys: [keys.alt, keys.shift, '↓'], does: texts.help.nextUnread },
        { keys: [keys.escape], does: texts.help.markRead },
        { keys: [command, ','], does: texts.help.settings },
        { keys: ['?'], does: texts.help.help },
      ],
    },
    {
      title: texts.help.writing,
      shortcuts: [
        { keys: [keys.enter], does: texts.help.send },
        { keys: [keys.shift, keys.enter], does: texts.help.newLine },
        { keys: ['↑'], does: texts.help.editLast },
        { keys: [keys.escape], does: texts.help.leave },
        { keys: [command, 'B'], does: texts.help.bold },
        { keys: [command, 'I'], does: texts.help.italic },
        { keys: [command, 'E'], does: texts.help.code },
        { keys: [command, keys.shift, 'X'], does: texts.help.strike },
        { keys: [command, keys.shift, 'K'], does: texts.help.link },
        { keys: [':'], does: texts.help.emoji },
        { keys: ['@'], does: texts.help.mention },
      ],
    },
    {
      title: texts.help.messages,
      shortcuts: [
        { keys: ['↑', '↓'], does: texts.help.moveMessages },
        { keys: [keys.enter], does: texts.help.messageMenu },
      ],
    },
  ];
}
