// Sounds in messages, and which voice message plays on after another.
import type { Attachment, Message } from '../contract/objects';
import type { Track } from '../voice/playback.svelte';

export function isVoice({ type, waveform }: Attachment): boolean {
  return type.startsWith('audio/') && waveform !== null;
}

export function soundOf(
  file: Attachment,
  message: Message,
  messages: () => readonly Message[],
): Track {
  return {
    id: file.id,
    url: file.url,
    duration: file.duration,
    following: () => {
      const next = isVoice(file) ? nextVoice(messages(), message, file) : null;
      return next === null ? null : soundOf(next.file, next.message, messages);
    },
  };
}

/** The next voice message, where it is of the same person and was not deleted. */
export function nextVoice(
  messages: readonly Message[],
  { seq, author }: Message,
  after: Attachment,
): { message: Message; file: Attachment } | null {
  const voices = messages
    .filter((message) => message.seq >= seq && !message.deleted)
    .flatMap((message) => message.attachments.filter(isVoice).map((file) => ({ message, file })));
  const next = voices[voices.findIndex(({ file }) => file.id === after.id) + 1];
  const gone = voices.every(({ file }) => file.id !== after.id);
  return next === undefined || gone || next.message.author !== author ? null : next;
}
