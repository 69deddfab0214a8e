// How many pictures and videos of one message stand side by side.

export const mostTiles = 5;
