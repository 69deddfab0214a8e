// Starts the page that shows the API's documents, in the page that the server rendered for it.
import { mount } from 'svelte';
import Reference from './reference/Reference.svelte';
import { language } from './texts/language';
import { savedColourMode, showColourMode } from './ui/theme/colour-mode';
import './ui/theme/reference.scss';

showColourMode(savedColourMode());
document.documentElement.lang = language;
const target = document.getElementById('reference');
if (target === null) throw new Error('the page has no element with the id "reference"');
mount(Reference, { target });
