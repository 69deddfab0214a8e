// Whose things this browser shows before the server has been asked.

interface Last {
  readonly id: string;
  /** Still signed in here, as far as this browser knows. */
  readonly here: boolean;
}

const name = 'echosphere_person';

/** The server's page says who is signed in; the one that opens offline says nothing of it. */
export function personOfPage(): string | null {
  return document.getElementById('messenger')?.dataset['person'] ?? null;
}

export function lastPerson(): Last | null {
  try {
    const [id, here] = (localStorage.getItem(name) ?? '').split(' ');
    return id === undefined || id === '' ? null : { id, here: here === 'here' };
  } catch {
    return null;
  }
}

export function remember(id: string): void {
  write(`${id} here`);
}

/** The session ended: nothing of theirs is shown before somebody has signed in again. */
export function forgetSession(person: string | null): void {
  const last = lastPerson();
  if (last !== null && (person === null || last.id === person)) write(last.id);
}

export function forgetLast(): void {
  write(null);
}

function write(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing shows nothing before the server has answered.
  }
}
