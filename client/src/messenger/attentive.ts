// Whether somebody looks at this page now.
import { attentive } from '../state/reading.state';

export function isAttentive(): boolean {
  return attentive({
    visible: document.visibilityState === 'visible',
    focused: document.hasFocus(),
  });
}
