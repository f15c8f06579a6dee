// The window as its owner wants it: the accent in the tokens and in the frame that phones draw, the name in the title.
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '../meta';
import { type Shades, shadesOf } from '../theme/accent';
import { useBrand } from '../theme/brand';

const tokens: (keyof Shades)[] = ['accent', 'accent-soft', 'accent-text', 'on-accent', 'selected'];

const manifestAddress = '/manifest.webmanifest';

/** The shades of the accent, undefined for those of the product. */
export function useBranded(dark: boolean): Shades | undefined {
  const { t } = useTranslation();
  const label = useLabel();
  const brand = useBrand();
  const name = label(brand?.name) || t('app.name');
  const accent = brand?.accent;
  const shades = useMemo(() => (accent ? shadesOf(accent, dark) : undefined), [accent, dark]);

  useEffect(() => {
    const { style } = document.documentElement;
    for (const token of tokens) {
      if (shades) style.setProperty(`--${token}`, shades[token]);
      else style.removeProperty(`--${token}`);
    }
    const frame = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
    if (frame) frame.content = getComputedStyle(document.documentElement).getPropertyValue('--accent');
  }, [shades]);
  // A page that has said its own name keeps it.
  const said = useRef(document.title);
  useEffect(() => {
    if (document.title === said.current) document.title = name;
    said.current = name;
    // What some phones write below the icon when the app is put among theirs.
    const icon = document.querySelector<HTMLMetaElement>('meta[name="apple-mobile-web-app-title"]');
    if (icon) icon.content = name;
  }, [name]);
  // The others read the manifest, which is whoever's asks for it: it is asked for again once somebody has come in.
  useEffect(() => {
    const manifest = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
    const address = brand ? `${manifestAddress}?of=${encodeURIComponent(name)}` : manifestAddress;
    if (manifest && manifest.getAttribute('href') !== address) manifest.setAttribute('href', address);
  }, [brand, name]);
  return shades;
}
