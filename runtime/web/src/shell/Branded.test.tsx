import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { keepBrand } from '../theme/brand';
import { SignIn } from './SignIn';
import { useBranded } from './useBranded';

const brand = { name: { 'zh-CN': '北风商贸', en: 'Northwind' }, logo: 'data:image/png;base64,AA==', accent: '#0b6777' };
const tokenOf = (name: string) => document.documentElement.style.getPropertyValue(name);

function Window() {
  useBranded(false);
  return <SignIn onEntered={async () => undefined} />;
}

afterEach(() => {
  keepBrand('north', undefined);
  localStorage.clear();
});

test('the door shows whose it is to who came in here before, and to nobody for another organisation', () => {
  localStorage.setItem('tw.tenant', 'north');
  keepBrand('north', brand);
  const { unmount, container } = render(<Window />);
  expect(screen.getByRole('heading').textContent).toBe('北风商贸');
  expect(container.querySelector('h1 img')?.getAttribute('src')).toBe(brand.logo);
  expect(JSON.parse(localStorage.getItem('tw.brand') ?? '')).toEqual({ tenant: 'north', brand });
  unmount();
  localStorage.setItem('tw.tenant', 'south');
  render(<Window />);
  expect(screen.getByRole('heading').textContent).toBe('Tidewater 潮汐');
});

test('the accent is in the tokens and the name in the title, until they are taken back', () => {
  document.title = 'Tidewater';
  render(<Window />);
  expect(tokenOf('--accent')).toBe('');
  act(() => keepBrand('north', brand));
  expect(tokenOf('--accent')).toBe('#0b6777');
  expect(document.title).toBe('北风商贸');
  act(() => keepBrand('north', undefined));
  expect(tokenOf('--accent')).toBe('');
  expect(document.title).toBe('Tidewater 潮汐');
});

test('a phone that asks the page writes the name below the icon', () => {
  const meta = document.createElement('meta');
  meta.name = 'apple-mobile-web-app-title';
  meta.content = 'Tidewater';
  document.head.append(meta);
  render(<Window />);
  act(() => keepBrand('north', brand));
  expect(meta.content).toBe('北风商贸');
  act(() => keepBrand('north', undefined));
  expect(meta.content).toBe('Tidewater 潮汐');
  meta.remove();
});

test('the manifest is asked for again by whoever has come in', () => {
  const link = document.createElement('link');
  link.rel = 'manifest';
  link.setAttribute('href', '/manifest.webmanifest');
  document.head.append(link);
  render(<Window />);
  expect(link.getAttribute('href')).toBe('/manifest.webmanifest');
  act(() => keepBrand('north', brand));
  expect(link.getAttribute('href')).toBe(`/manifest.webmanifest?of=${encodeURIComponent('北风商贸')}`);
  act(() => keepBrand('north', undefined));
  expect(link.getAttribute('href')).toBe('/manifest.webmanifest');
  link.remove();
});

test('a page that has said its own name keeps it', () => {
  render(<Window />);
  document.title = '图书';
  act(() => keepBrand('north', brand));
  expect(document.title).toBe('图书');
});
