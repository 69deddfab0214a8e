// Whether somebody looks at this page now.
import { isPageActive } from '../conversations/scroll-position';

export function isPageFocused(): boolean {
  return isPageActive({
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  });
}
