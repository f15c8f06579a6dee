// Who has been shown around in this browser.
const place = 'tidewater.toured';
/** Stands for everybody, such as on a screen that many look at. */
const everybody = '*';

function read(): string[] {
  try {
    return (localStorage.getItem(place) ?? '').split(' ').filter(Boolean);
  } catch {
    return [everybody]; // nothing is kept here, so it would come again each time
  }
}

export const isToured = (person: string) => read().some((one) => one === person || one === everybody);

export function endTour(person: string): void {
  if (isToured(person)) return;
  try {
    localStorage.setItem(place, [...read(), person].join(' '));
  } catch {
    // It is shown again another time.
  }
}
