// What the viewer can show.
import type { Attachment } from '../contract/objects';
import { kindOf } from './kinds';

export function isViewable(file: Attachment): boolean {
  return ['image', 'video', 'pdf'].includes(kindOf(file));
}
