// What somebody can press on a page, and what the page shows. Both run inside the page, so they refer to nothing here.
import type { Page } from 'playwright-core';

export interface Control {
  /** Its place in the list that the page keeps. */
  at: number;
  /** What it is, wherever it stands: the same in each row of a table. */
  key: string;
  name: string;
  role: string;
  /** It can not be pressed now, and what is said about why. */
  disabled: boolean;
  why: string;
  /** It is what is chosen already, or where one types already. */
  chosen: boolean;
  /** It comes to be seen when the focus is on it, as a link past the menu does. */
  aside: boolean;
  /** It bears a name that its form gives it, as its actions and views do: it is another one in each form. */
  own: boolean;
  /** It takes something away, or stands in words that vanish by themselves. */
  danger: boolean;
  passing: boolean;
}

/** What the catalog calls things. */
export interface Words {
  /** Names that stand for one another, such as those of fields: a button that bears one is alike on all pages. */
  alike: string[];
  /** Names of what differs from form to form; none where all forms, and all ways to them, are taken for one. */
  own: string[];
}

declare global {
  interface Window {
    crawl: {
      list: (words: Words) => Control[];
      at: (index: number) => Element | undefined;
      /** Remembers what the page shows, and later tells whether it shows something else. */
      remember: () => void;
      changed: () => boolean;
      /** Whether words are to be seen that tell why something was not done. */
      told: () => boolean;
      /** Shuts lists of choices that are open, but for one that the control is in. */
      shut: (but: number) => void;
    };
  }
}

/** Makes the page able to tell what can be pressed. */
export const prepare = (page: Page) => page.addInitScript(install);

export function install(): void {
  const pressable = [
    'button, a[href], summary, select, input[type="checkbox"], input[type="radio"]',
    ...['button', 'menuitem', 'tab', 'switch', 'checkbox', 'radio', 'combobox', 'option'].map(
      (one) => `[role="${one}"]`,
    ),
    '[role="gridcell"][data-at]',
  ].join(', ');
  /** What hands over to another program: a browser without a window asks about it in one that nobody sees. */
  const outward = 'a[href^="tel:"], a[href^="mailto:"]';
  /** What the pointer alone brings forth, over an input that keys empty. */
  const hovered = '.ant-select-clear, .ant-picker-clear';
  /** Of what stands in one of these there are many alike, one for each record. */
  const repeated = '[role="row"], [role="option"], [data-record], li:not(nav li):not(.steps li), td, .calendar-day';
  const popup = '.ant-select-dropdown, .ant-picker-dropdown, .ant-cascader-dropdown';
  const own = { list: [] as Element[], before: '', toasts: [] as string[], alerts: [] as string[] };

  const isSeen = (element: Element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  };
  const isAside = (element: Element) => {
    const { right, bottom } = element.getBoundingClientRect();
    return right + scrollX <= 0 || bottom + scrollY <= 0;
  };
  /** It stands under the record that is open beside the list; what can be scrolled from under it does not. */
  const isUnder = (element: Element) => {
    const drawer = document.querySelector('.drawer');
    if (!drawer || drawer.contains(element)) return false;
    const over = drawer.getBoundingClientRect();
    const seen = (element.closest('.list') ?? element).getBoundingClientRect();
    const at = element.closest('.list') ? seen.right - 1 : seen.left + seen.width / 2;
    return at > over.left && at < over.right && seen.bottom > over.top && !element.closest(popup);
  };
  const isOpened = (element: Element) =>
    element.closest<HTMLElement>('[data-record]')?.dataset.record ===
      (new URLSearchParams(location.search).get('record') ?? '') && element.matches('.card-row');
  const text = (element: Element | null | undefined) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

  function nameOf(element: Element): string {
    const by = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const labels = (element as HTMLInputElement).labels;
    const names = [
      element.getAttribute('aria-label') ?? '',
      by
        .map((id) => text(document.getElementById(id)))
        .join(' ')
        .trim(),
      labels ? [...labels].map(text).join(' ').trim() : '',
      element instanceof HTMLSelectElement ? '' : text(element),
      element.getAttribute('title') ?? '',
      text(element.closest('label')),
    ];
    return names.find(Boolean) ?? '';
  }

  const roleOf = (element: Element) =>
    element.getAttribute('role') ??
    (element instanceof HTMLInputElement
      ? element.type
      : element.tagName === 'A'
        ? 'link'
        : element.tagName.toLowerCase());

  /** The classes of an element and of what it stands in, without those that say how it stands now. */
  function placeOf(element: Element): string {
    const path: string[] = [];
    for (let one: Element | null = element; one && one !== document.body; one = one.parentElement) {
      const classes = [...one.classList].filter(
        (name) => !/^(on|active|open|past|css-|tone-)|focus|hover|active|selected|css-/.test(name),
      );
      const label = one.matches('dialog, [role="dialog"], nav, [role="toolbar"], [role="region"], section')
        ? (one.getAttribute('aria-label') ?? '').replace(/[\d「].*$/, '')
        : '';
      if (classes.length || label) path.push(classes.join('.') + (label && `"${label}"`));
      if (one.matches('dialog, [role="dialog"]') || path.length > 5) break;
    }
    return path.join('<');
  }

  function whyOf(element: Element): string {
    const by = element.getAttribute('aria-describedby')?.split(' ') ?? [];
    return (
      element.getAttribute('title') ||
      by
        .map((id) => text(document.getElementById(id)))
        .join(' ')
        .trim()
    );
  }

  /** Where the pointer has to go: an input that is hidden behind its label is pressed by it. */
  function targetOf(element: Element): Element {
    const { width, height } = element.getBoundingClientRect();
    const isBare = element instanceof HTMLInputElement && (width < 8 || height < 8);
    return isBare ? (element.labels?.[0] ?? element) : element;
  }

  function list(words: Words): Control[] {
    const dialogs = [...document.querySelectorAll('dialog[open]')];
    const top = dialogs.at(-1) ?? document.body;
    const found = [...document.querySelectorAll(pressable)].filter(
      (one) =>
        (top.contains(one) || one.closest(popup)) &&
        !one.matches(`${outward}, ${hovered}`) &&
        isSeen(one) &&
        !isUnder(one) &&
        !one.closest('[aria-hidden="true"], [inert]'),
    );
    const names = found.map(nameOf);
    own.list = found.map(targetOf);
    return found.map((element, at) => {
      const name = names[at] ?? '';
      const isRepeated = Boolean(element.closest(repeated));
      // What only one row says is about its record.
      const isCommon = !isRepeated || names.filter((other) => other === name).length > 1;
      const isWay = words.own.length > 0 && Boolean(element.closest('nav'));
      const isOwn = !isWay && words.own.some((word) => name.includes(word));
      // Each way that the menu offers is one of its own.
      const alike = isOwn || isWay ? [] : words.alike;
      const plain = alike.reduce((now, word) => now.replaceAll(word, '◆'), name.replace(/\d[\d,.]*/g, '#'));
      const role = roleOf(element);
      const classes = [...element.classList];
      return {
        at,
        key: [role, isCommon && role !== 'gridcell' && role !== 'option' ? plain : '', placeOf(element)].join('|'),
        name: name.slice(0, 60),
        role,
        disabled: element.matches(':disabled, [aria-disabled="true"]'),
        why: whyOf(element),
        chosen:
          element.matches(
            '[aria-pressed="true"], [aria-selected="true"], [aria-current], [role="radio"][aria-checked="true"]',
          ) ||
          (element instanceof HTMLInputElement && element.type === 'radio' && element.checked) ||
          // The row or the card of the record that is open beside them.
          Boolean(element.closest('[role="row"][aria-current="true"]')) ||
          isOpened(element) ||
          (role === 'combobox' && element === document.activeElement) ||
          // A cell that is being edited.
          (role === 'gridcell' && element.matches(':has(:focus)')),
        aside: isAside(element),
        own: isOwn,
        danger: classes.includes('danger') || /退出|Sign out/.test(name),
        passing: Boolean(element.closest('.toasts')),
      };
    });
  }

  function show(): string {
    const root = document.documentElement;
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const one of copy.querySelectorAll('.toasts, script, time')) one.remove();
    for (const one of copy.querySelectorAll('*')) {
      one.removeAttribute('aria-activedescendant');
      one.removeAttribute('tabindex');
      const now = one.getAttribute('class');
      if (now) one.setAttribute('class', now.replace(/\S*(focus|active|hover|motion|wave)\S*/g, ''));
    }
    const inputs = [...document.querySelectorAll<HTMLInputElement>('input, textarea, select')];
    const scrolled = [...document.querySelectorAll('.scroll, .list, main')].map(
      (one) => `${one.scrollTop},${one.scrollLeft}`,
    );
    const kept = Object.entries(localStorage).sort().join();
    const looks = [...root.attributes].map((one) => one.value);
    return [
      location.href,
      looks,
      copy.innerHTML,
      inputs.map((one) => `${one.value}${one.checked}`),
      scrolled,
      kept,
      document.activeElement?.id,
      document.activeElement?.getAttribute('type'),
    ].join('\n');
  }

  const toasts = () => [...document.querySelectorAll('.toasts li')].map(text);
  const alerts = () =>
    [...document.querySelectorAll('[role="alert"], .fault, .notice, .toasts li, .empty, [role="status"]')]
      .filter(isSeen)
      .map(text)
      .filter(Boolean);
  window.crawl = {
    list,
    at: (index) => own.list[index],
    remember: () => {
      own.before = show();
      own.toasts = toasts();
      own.alerts = alerts();
    },
    changed: () => toasts().some((one) => !own.toasts.includes(one)) || show() !== own.before,
    told: () =>
      alerts().some((one) => !own.alerts.includes(one)) ||
      [...document.querySelectorAll('[role="alert"]')].some(isSeen),
    shut: (but) => {
      const open = [...document.querySelectorAll(popup)].filter(isSeen);
      const target = own.list[but];
      if (!open.length || open.some((one) => target && one.contains(target))) return;
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
  };
}
