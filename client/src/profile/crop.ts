// Cutting a square out of a picture: which part is seen, moved and enlarged, never past an edge.

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The seen square: its centre in the picture, from 0 to 1, and how much it is enlarged. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const mostZoom = 4;
export const whole: Crop = { x: 0.5, y: 0.5, zoom: 1 };

/** The side of the square in the picture's own pixels. */
export function side({ width, height }: Size, zoom: number): number {
  return Math.min(width, height) / zoom;
}

/** Keeps the square within the picture. */
export function within(size: Size, { x, y, zoom }: Crop): Crop {
  const enlarged = Math.min(mostZoom, Math.max(1, zoom));
  const half = side(size, enlarged) / 2;
  return {
    x: clamped(x, half / size.width),
    y: clamped(y, half / size.height),
    zoom: enlarged,
  };
}

function clamped(at: number, margin: number): number {
  return Math.min(1 - margin, Math.max(margin, at));
}

/** Moves the picture under a frame that is `frame` pixels wide. */
export function moved(size: Size, crop: Crop, by: { x: number; y: number }, frame: number): Crop {
  const scale = side(size, crop.zoom) / frame;
  return within(size, {
    ...crop,
    x: crop.x - (by.x * scale) / size.width,
    y: crop.y - (by.y * scale) / size.height,
  });
}

/** What to draw, in the picture's own pixels. */
export function source(size: Size, crop: Crop): { left: number; top: number; side: number } {
  const length = side(size, crop.zoom);
  return {
    left: crop.x * size.width - length / 2,
    top: crop.y * size.height - length / 2,
    side: length,
  };
}
