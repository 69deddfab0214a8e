// The patterns that server and browser share; what stands there holds for both.
import sources from '../../../src/echosphere/richtext/patterns.json';
import { lazy } from '../platform/lazy';

type Name = keyof typeof sources;

/** A pattern by its name; others may stand in it by theirs, in braces. */
/** Reads the pattern when it is first wanted: few of them are by the first view. */
export function lazyPattern(name: Name, flags = 'u'): () => RegExp {
  return lazy(() => pattern(name, flags));
}

export function pattern(name: Name, flags = 'u'): RegExp {
  return new RegExp(sourceOf(name), flags);
}

function sourceOf(name: Name): string {
  const found: string | string[] = sources[name];
  const text = typeof found === 'string' ? found : found.join('');
  return text.replace(/\{([a-z]+)\}/gu, (_all, inner: string) => sourceOf(inner as Name));
}
