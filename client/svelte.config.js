// Svelte's compiler: runes everywhere, so that no file falls back to the older syntax by accident.
export default {
  compilerOptions: { runes: true },
};
