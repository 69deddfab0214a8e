// Whether somebody looks at this page now.
import { isPageActive } from '../state/reading-position.state';

export function isPageFocused(): boolean {
  return isPageActive({
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  });
}
