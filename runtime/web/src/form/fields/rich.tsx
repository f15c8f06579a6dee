// Formatted text, and text with marks. Both are drawn from a list of elements that can do nothing; whatever else stands
// in the markup is left out here once more, so that a page never relies on the server alone.
import { createElement, type ReactNode, useEffect, useState } from 'react';

const elements = new Set('p br h1 h2 h3 h4 h5 h6 strong b em i u s del code pre blockquote ul ol li hr'.split(' '));
const dropped = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'svg', 'math', 'title']);

/** Where a link may lead: out, and nowhere that runs something. */
const away = (href: string | null) => (href && /^(https?:|mailto:|tel:)/i.test(href.trim()) ? href.trim() : undefined);

/** The most levels that are drawn; what is deeper stays as its text. */
const deepest = 40;

function draw(node: ChildNode, key: number, depth: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (dropped.has(name)) return null;
  if (depth > deepest) return node.textContent;
  const inside = [...node.childNodes].map((child, index) => draw(child, index, depth + 1));
  const href = name === 'a' ? away(node.getAttribute('href')) : undefined;
  if (href) {
    return (
      <a key={key} href={href} target="_blank" rel="nofollow noreferrer noopener" onClick={(e) => e.stopPropagation()}>
        {inside}
      </a>
    );
  }
  if (!elements.has(name)) return inside.length ? <span key={key}>{inside}</span> : null;
  const start = name === 'ol' ? Number(node.getAttribute('start')) || undefined : undefined;
  return inside.length ? createElement(name, { key, start }, ...inside) : createElement(name, { key });
}

/** Draws markup. The parser makes a document of its own, in which nothing runs and nothing is fetched. */
export function Rich({ markup }: { markup: string }) {
  const { body } = new DOMParser().parseFromString(markup, 'text/html');
  return <div className="rich">{[...body.childNodes].map((node, index) => draw(node, index, 0))}</div>;
}

/** What people read of markup, on one line. */
export function wordsOf(markup: string): string {
  const { body } = new DOMParser().parseFromString(
    markup.replace(/<(\/?(p|br|h\d|li|blockquote|pre|hr))/g, ' <$1'),
    'text/html',
  );
  for (const node of body.querySelectorAll([...dropped].join(','))) node.remove();
  return (body.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** Text with marks as a page; its reader is fetched with the first of them. HTML in it is text. */
export function Marked({ text }: { text: string }) {
  const [markup, setMarkup] = useState<string>();
  useEffect(() => {
    let current = true;
    import('micromark').then(({ micromark }) => current && setMarkup(micromark(text)));
    return () => {
      current = false;
    };
  }, [text]);
  return markup === undefined ? <span className="lines">{text}</span> : <Rich markup={markup} />;
}
