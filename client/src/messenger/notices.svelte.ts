// Short notices about what was just done or went wrong; they go away by themselves.

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'plain' | 'bad';
  readonly text: string;
}

const shownFor = 5_000;
const badShownFor = 9_000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #last = 0;

  good(text: string): void {
    this.#add('good', text);
  }

  plain(text: string): void {
    this.#add('plain', text);
  }

  bad(text: string): void {
    this.#add('bad', text);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(tone: Notice['tone'], text: string): void {
    this.#last += 1;
    const id = this.#last;
    this.list = [...this.list.filter((notice) => notice.text !== text), { id, tone, text }].slice(
      -3,
    );
    setTimeout(() => this.dismiss(id), tone === 'bad' ? badShownFor : shownFor);
  }
}
