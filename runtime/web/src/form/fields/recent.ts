// Records that somebody has had to do with of late, by form: their ids, kept in the browser. What they are called and
// whether they may still be seen, the server says.

const most = 8;
const keyOf = (user: string, form: string) => `tw.recent.${user}.${form}`;

export function recentOf(user: string, form: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user, form)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Puts a record before the others. */
export function noteRecent(user: string, form: string, id: string): void {
  const ids = [id, ...recentOf(user, form).filter((other) => other !== id)].slice(0, most);
  try {
    localStorage.setItem(keyOf(user, form), JSON.stringify(ids));
  } catch {
    // The browser's storage is full: then none are offered.
  }
}
