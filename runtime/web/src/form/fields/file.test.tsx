import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { defOf, World } from '../../test/world';
import './FilePreview';
import { attachment } from './file';

const files = [
  { id: 'p1', name: '门头.JPG' },
  { id: 'd1', name: '合同.pdf' },
  { id: 't1', name: '报价.csv' },
];
let asked: [string, string | null][];
let answer: () => Response;

beforeEach(() => {
  asked = [];
  answer = () => new Response('甲,1');
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push([path, new Headers(init.headers).get('Range')]);
    return answer();
  });
});

const show = () =>
  render(
    <World>
      <attachment.Show def={defOf('attachment')} value={files} full />
    </World>,
  );
const open = (name: string) => fireEvent.click(screen.getByRole('button', { name: new RegExp(name) }));
const body = () => document.querySelector('.preview') as HTMLElement;

test('pictures and texts are looked at where they are, one after the other; what cannot be is fetched', async () => {
  show();
  expect(screen.getByRole('link', { name: '合同.pdf' }).getAttribute('href')).toBe('/api/v1/files/d1');
  open('门头.JPG');
  await waitFor(() => expect(body().querySelector('img')?.getAttribute('src')).toBe('/api/v1/files/p1'));
  fireEvent.keyDown(body(), { key: 'ArrowRight' });
  await screen.findByText('甲,1');
  expect(asked).toEqual([['/api/v1/files/t1', 'bytes=0-65535']]);
  fireEvent.keyDown(body(), { key: 'ArrowRight' });
  screen.getByText('2 / 2');
  fireEvent.keyDown(body(), { key: 'ArrowLeft' });
  expect(body().querySelector('img')).not.toBeNull();
});

test('a picture that is none says so, and its thumbnail gives way to a sign', async () => {
  show();
  const thumb = document.querySelector('.thumb') as HTMLElement;
  fireEvent.error(thumb);
  expect(document.querySelector('.thumb')).toBeNull();
  open('门头.JPG');
  await waitFor(() => expect(body()).not.toBeNull());
  fireEvent.error(body().querySelector('img') as HTMLElement);
  screen.getByText(/无法显示/);
});

test('a text of another encoding is read, and one that is cut says so', async () => {
  // "甲" in GB 18030.
  answer = () =>
    new Response(new Uint8Array([0xbc, 0xd7]), { status: 206, headers: { 'Content-Range': 'bytes 0-1/70000' } });
  show();
  open('报价.csv');
  await screen.findByText('甲');
  screen.getByText(/只显示开头/);
});

test('what cannot be read says so in its place', async () => {
  answer = () =>
    new Response(JSON.stringify({ status: 404, title: '', detail: '没有这个文件', code: 'x' }), { status: 404 });
  show();
  open('报价.csv');
  await screen.findByText('没有这个文件');
});

test('a PDF is looked at in the viewer of a browser that has one', async () => {
  vi.stubGlobal('navigator', Object.create(navigator, { pdfViewerEnabled: { value: true } }));
  show();
  open('合同.pdf');
  const frame = (await screen.findByTitle('合同.pdf')) as HTMLIFrameElement;
  expect(frame.getAttribute('src')).toBe('/api/v1/files/d1/paper');
  expect(screen.getByRole('link', { name: '在新标签页打开' }).getAttribute('href')).toBe('/api/v1/files/d1/paper');
  vi.unstubAllGlobals();
});
