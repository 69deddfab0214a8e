// Tells a file that this browser cannot show from one that the network did not bring.

export async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { method: 'HEAD', credentials: 'same-origin' })).ok;
  } catch {
    return false;
  }
}
