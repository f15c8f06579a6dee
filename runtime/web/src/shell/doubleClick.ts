// The second click of a double click is meant for what the first one hit. Where that has gone meanwhile, because the
// answer came fast, it would hit what has come into its place: another record, a button that closes. It is swallowed.

/** How long two clicks that are one may be apart, ms, and how far, px. */
const apart = 350;
const aside = 8;

/** Begins to swallow such clicks, and returns how to stop. */
export function guardDoubleClicks(on: Document = document): () => void {
  let last: MouseEvent | undefined;
  let hit: EventTarget | null = null;
  /** Tells whether it is the second click of a double one, or the press before it, and what the first one hit has gone. */
  function misses(event: MouseEvent): boolean {
    const isSecond =
      last !== undefined &&
      // The browser counts clicks by the time that its user has set; a page that was busy hears of the second late.
      (event.detail > 1 || event.timeStamp - last.timeStamp < apart) &&
      Math.abs(event.clientX - last.clientX) < aside &&
      Math.abs(event.clientY - last.clientY) < aside;
    return isSecond && event.target !== hit && !(hit as Node | null)?.isConnected;
  }
  function swallow(event: MouseEvent) {
    event.preventDefault();
    event.stopPropagation();
  }
  // Beside a sheet that has become smaller, the press alone would close it.
  function onPress(event: MouseEvent) {
    if (misses(event)) swallow(event);
  }
  function onClick(event: MouseEvent) {
    // What the keyboard presses has no place.
    if (event.detail === 0) return;
    if (misses(event)) {
      swallow(event);
      return;
    }
    last = event;
    hit = event.target;
  }
  on.addEventListener('mousedown', onPress, true);
  on.addEventListener('click', onClick, true);
  return () => {
    on.removeEventListener('mousedown', onPress, true);
    on.removeEventListener('click', onClick, true);
  };
}
