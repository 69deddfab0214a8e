import { beforeEach, describe, expect, it } from 'vitest';
import { AttentionReporter } from '../src/people/attention-reporter';

describe('which conversation is before the eyes', () => {
  let open: string | null;
  let attentive: boolean;
  let said: (string | null)[];
  let attention: AttentionReporter;

  beforeEach(() => {
    open = null;
    attentive = true;
    said = [];
    attention = new AttentionReporter({
      open: () => open,
      attentive: () => attentive,
      say: (conversation) => said.push(conversation),
    });
  });

  it('is told once, and again when it changes', () => {
    attention.onLink(true);
    open = 'garden';
    attention.look();
    attention.look();
    open = 'kitchen';
    attention.look();
    expect(said).toEqual(['garden', 'kitchen']);
  });

  it('is none while nobody looks at the page', () => {
    open = 'garden';
    attention.onLink(true);
    attentive = false;
    attention.look();
    attentive = true;
    attention.look();
    expect(said).toEqual(['garden', null, 'garden']);
  });

  it('is told anew to a new connection, and not without one', () => {
    open = 'garden';
    attention.look();
    attention.onLink(true);
    attention.onLink(false);
    open = 'kitchen';
    attention.look();
    attention.onLink(true);
    expect(said).toEqual(['garden', 'kitchen']);
  });
});
