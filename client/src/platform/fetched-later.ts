// Code that is not part of the first view, behind an object that is there at once.

/** An object whose code is fetched with the first call of one of its methods: all answer later. */
export function fetchedLater<T extends object>(fetch: () => Promise<T>): T {
  return new Proxy({} as T, {
    get:
      (_, name) =>
      async (...given: unknown[]) => {
        const found = await fetch();
        return (found[name as keyof T] as (...given: unknown[]) => unknown).apply(found, given);
      },
  });
}
