/** How long to wait, ms, before what could not be loaded is asked for again; sooner where the network comes back. */
const pause = 3_000;

/** Loads a part of the app, however often it takes to try. Whoever waits for it sees that, and loses nothing. */
export async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await worthAnotherTry();
    }
  }
}

const worthAnotherTry = () =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(go, pause);
    function go() {
      clearTimeout(timer);
      window.removeEventListener('online', go);
      resolve();
    }
    window.addEventListener('online', go);
  });
