// The texts of the language in use, and numbers, dates and sizes as that language writes them.
import { en } from './en';

export type Texts = typeof en;

export const texts: Texts = en;
export * from './formats';
