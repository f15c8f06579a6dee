// What a finger hits. It is measured by what lies under a point, so that whatever makes a target larger than it looks
// counts, and whatever lies over it does not.

/** What a thumb hits without looking, px: WCAG 2.2, 2.5.5. */
export const thumb = 44;

/**
 * What is pressed below an element and is narrower or lower than least, px, each told by its size and its markup. It runs
 * in the page. A link amid the words of a sentence is as high as these, which the standard lets it be.
 */
export function tooSmall(root: Element, least: number): string[] {
  const pressed = 'button, a[href], summary, input, select, textarea, [role="tab"], [role="menuitem"], [role="option"]';
  const shown = (one: Element) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const isAmidWords = (one: Element) =>
    getComputedStyle(one).display === 'inline' &&
    [...(one.parentElement?.childNodes ?? [])].some(
      (near) => near.nodeType === Node.TEXT_NODE && near.textContent?.trim(),
    );
  // What is typed into is hit by its frame, a tick by its label.
  const frame = (one: Element) =>
    one.closest('.ant-select, .ant-picker, .ant-input-number, .ant-input-affix-wrapper, .native-input, label');
  const isHit = (target: Element, one: Element, x: number, y: number) => {
    const at = document.elementFromPoint(x, y);
    return Boolean(at && (target.contains(at) || at.closest('label')?.control === one));
  };

  function sizeOf(target: Element, one: Element): [number, number] | undefined {
    one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    if (!isHit(target, one, x, y)) return undefined; // something lies over it
    const reach = (dx: number, dy: number) => {
      let far = 0;
      while (far < least && isHit(target, one, x + dx * (far + 1), y + dy * (far + 1))) far++;
      return far;
    };
    return [reach(-1, 0) + reach(1, 0) + 1, reach(0, -1) + reach(0, 1) + 1];
  }

  return [...root.querySelectorAll(pressed)].flatMap((one) => {
    if (!shown(one) || one.closest('.sr, [inert], :disabled') || isAmidWords(one)) return [];
    const isTyped = one.matches('input, textarea, select');
    const target = (isTyped && frame(one)) || one;
    const box = target.getBoundingClientRect();
    if (Math.min(box.width, box.height) >= least) return [];
    const size = sizeOf(target, one);
    if (!size || Math.min(...size) >= least - 1) return []; // a point may fall between two
    return [`${size.join(' × ')}: ${one.outerHTML.slice(0, 160)}`];
  });
}
