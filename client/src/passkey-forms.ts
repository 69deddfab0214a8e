// Passkeys on the pages that the server renders: a form that one fills in, and sends.
//
// <form data-passkey="sign-in|factor|register" data-origin data-options> holds a hidden part
// [data-passkey-offer] with a button and the field `passkey`; `data-options` is what the server wants
// signed or made.
import {
  askForPasskey,
  canUsePasskeys,
  makePasskey,
  NoPasskey,
  type Assertion,
  type AssertionOptions,
  type PasskeyOptions,
} from './platform/passkeys';

const optionsPath = '/api/v1/sessions/passkey';
/** Challenges last ten minutes: a page that stays open gets another one before. */
const renewed = 8 * 60_000;

export function offerPasskeys(form: HTMLFormElement): void {
  // Another address of the same server, such as 127.0.0.1 for localhost, has other passkeys.
  const part = form.querySelector<HTMLElement>('[data-passkey-offer]');
  const button = part?.querySelector('button') ?? null;
  if (part === null || button === null) return;
  if (!canUsePasskeys() || form.dataset['origin'] !== location.origin) return;
  part.hidden = false;
  const offer =
    form.dataset['passkey'] === 'sign-in' ? new SignIn(form, button) : new Given(form, button);
  button.addEventListener('click', () => void offer.press());
}

/** What the page already holds options for. */
class Given {
  constructor(
    private readonly form: HTMLFormElement,
    private readonly button: HTMLButtonElement,
  ) {}

  async press(): Promise<void> {
    await this.attempt(() => this.answer());
  }

  protected async answer(): Promise<unknown> {
    const options: unknown = JSON.parse(this.form.dataset['options'] ?? '{}');
    if (this.form.dataset['passkey'] !== 'register') {
      return askForPasskey(options as AssertionOptions);
    }
    const made = await makePasskey(options as PasskeyOptions);
    return { ...made, name: this.form.dataset['name'] ?? '' };
  }

  private async attempt(answer: () => Promise<unknown>): Promise<void> {
    this.problem(false);
    this.button.disabled = true;
    try {
      this.send(await answer());
    } catch (error) {
      this.button.disabled = false;
      this.problem(true);
      if (!(error instanceof NoPasskey) && !(error instanceof TypeError)) throw error;
    }
  }

  protected send(passkey: unknown): void {
    const field = this.form.querySelector<HTMLInputElement>('input[name="passkey"]');
    if (field === null) return;
    field.value = JSON.stringify(passkey);
    this.form.submit();
  }

  private problem(shown: boolean): void {
    const text = this.button.parentElement?.querySelector<HTMLElement>('[role="alert"]') ?? null;
    if (text !== null) text.textContent = shown ? (text.dataset['text'] ?? '') : '';
  }
}

/** Signing in without a password: by the button, or from what the browser fills in. */
class SignIn extends Given {
  #waiting: AbortController | null = null;

  constructor(form: HTMLFormElement, button: HTMLButtonElement) {
    super(form, button);
    void this.#wait();
    setInterval(() => void this.#wait(), renewed);
  }

  override async press(): Promise<void> {
    this.#stop();
    await super.press();
    void this.#wait();
  }

  protected override async answer(): Promise<Assertion> {
    return askForPasskey(await fetchOptions());
  }

  /** Offers passkeys among what the browser fills in, where it can. */
  async #wait(): Promise<void> {
    this.#stop();
    const waiting = (this.#waiting = new AbortController());
    if (!(await canFillIn()) || waiting.signal.aborted) return;
    try {
      const how = { mediation: 'conditional', signal: waiting.signal } as const;
      const passkey = await askForPasskey(await fetchOptions(), how);
      if (this.#waiting === waiting) this.send(passkey);
    } catch {
      // Nobody asked for it: the button says what is wrong.
    }
  }

  #stop(): void {
    this.#waiting?.abort();
    this.#waiting = null;
  }
}

async function canFillIn(): Promise<boolean> {
  const known = PublicKeyCredential as { isConditionalMediationAvailable?: () => Promise<boolean> };
  return (await known.isConditionalMediationAvailable?.()) ?? false;
}

async function fetchOptions(): Promise<AssertionOptions> {
  const response = await fetch(optionsPath, { cache: 'no-store', credentials: 'same-origin' });
  if (!response.ok) throw new NoPasskey();
  return (await response.json()) as AssertionOptions;
}
