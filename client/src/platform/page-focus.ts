// Whether somebody looks at this page now.

export function isPageFocused(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
