// Opening a page as somebody finds it who comes for the first time. Loading the whole app takes far longer than going
// to one of its pages, so where it stands already one goes there within it, by way of a page that shows nothing.
import type { Walker } from '../walk';

const nowhere = '/no/such/place';
/** What is kept of what the browser keeps: whoever was shown around is not shown around again. */
const kept = 'tidewater.toured';

/** Forgets what the browser keeps of earlier presses. */
async function forget({ page }: Walker): Promise<void> {
  await page
    .evaluate((but) => {
      const toured = localStorage.getItem(but);
      localStorage.clear();
      sessionStorage.clear();
      if (toured) localStorage.setItem(but, toured);
    }, kept)
    .catch(() => undefined); // a page that is none yet keeps nothing
}

const go = ({ page }: Walker, address: string) => page.evaluate((to) => history.pushState({}, '', to), address);

/** Goes to a page within the app; false where something is in the way, such as a dialog that stays. */
async function within(walker: Walker, address: string): Promise<boolean> {
  const { page } = walker;
  if (!(await page.locator('.shell').count())) return false;
  await page.keyboard.press('Escape');
  await go(walker, nowhere);
  await walker.settled();
  if (await page.locator('dialog[open], [role="dialog"]').filter({ visible: true }).count()) return false;
  await go(walker, address);
  await walker.settled();
  return true;
}

/** Opens the page; anew loads the whole app, as after signing out or into another language. */
export async function begin(walker: Walker, address: string, anew: boolean): Promise<void> {
  await forget(walker);
  if (!anew && (await within(walker, address))) return;
  await walker.page.goto(address);
  await walker.settled();
}
