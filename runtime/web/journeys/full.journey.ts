// The lists of each kind of work are as long as those that people work with, and hold up under it.
import { journey } from './walk';

const lists: [string, string][] = [
  ['their tasks', '/f/task?view=agenda'],
  ['their quotes', '/f/quote?view=mine'],
  ['their orders', '/f/salesOrder?view=mine'],
  ['what is sold', '/f/product?view=onShelf'],
];

journey('lists of tasks, quotes, orders and products are filled, and stand on the screen', async (walker) => {
  await walker.enter('sales');
  for (const [where, address] of lists) {
    await walker.open(address);
    await walker.settled();
    await walker.holds(where);
    await walker.accessible(where);
    await walker.fits(where);
  }
});
