// What a file is, as far as its name tells: whether its bytes are that, the server has looked when it came.
import type { Ref } from '../../api';

export type FileRef = Ref & { name?: string };

export const nameOf = (file: FileRef) => file.title ?? file.name ?? file.id;

const pictures = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp']);
const texts = new Set(['txt', 'csv', 'tsv', 'md', 'log', 'json']);
const endOf = (name: string) => /\.([a-z\d]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';

export const isPicture = (name: string) => pictures.has(endOf(name));
export const isText = (name: string) => texts.has(endOf(name));
/** A PDF, where the browser can show one within a page: those of most phones cannot. */
export const isPaper = (name: string) => endOf(name) === 'pdf' && navigator.pdfViewerEnabled === true;
/** It can be looked at without being fetched. */
export const isShown = (name: string) => isPicture(name) || isText(name) || isPaper(name);
