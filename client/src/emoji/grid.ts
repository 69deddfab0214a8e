// Moving through the rows of emoji with the arrow keys.

export interface Place {
  readonly row: number;
  readonly column: number;
}

export function rowsOf<T>(items: readonly T[], columns: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / columns) }, (_, row) =>
    items.slice(row * columns, (row + 1) * columns),
  );
}

const page = 5;

/** Where a key leads; null for keys that lead nowhere. `lengths` are those of the rows. */
export function moved(place: Place, key: string, lengths: readonly number[]): Place | null {
  const last = lengths.length - 1;
  const { row, column } = place;
  switch (key) {
    case 'ArrowRight':
      if (column + 1 < (lengths[row] ?? 0)) return { row, column: column + 1 };
      return row < last ? { row: row + 1, column: 0 } : place;
    case 'ArrowLeft':
      if (column > 0) return { row, column: column - 1 };
      return row > 0 ? { row: row - 1, column: (lengths[row - 1] ?? 1) - 1 } : place;
    case 'ArrowDown':
      return within(row + 1, column, lengths);
    case 'ArrowUp':
      return within(row - 1, column, lengths);
    case 'PageDown':
      return within(row + page, column, lengths);
    case 'PageUp':
      return within(row - page, column, lengths);
    case 'Home':
      return { row: 0, column: 0 };
    case 'End':
      return within(last, Infinity, lengths);
    default:
      return null;
  }
}

function within(row: number, column: number, lengths: readonly number[]): Place {
  const inside = Math.min(Math.max(0, row), Math.max(0, lengths.length - 1));
  return { row: inside, column: Math.min(column, Math.max(0, (lengths[inside] ?? 1) - 1)) };
}
