// A spreadsheet file as people upload them, from plain rows: what a zip of a few parts needs, and nothing more.
import { crc32 } from 'node:zlib';

const kind = 'http://schemas.openxmlformats.org';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

const inText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const sheet = (rows: string[][]) => {
  const cell = (text: string) => `<c t="inlineStr"><is><t>${inText(text)}</t></is></c>`;
  const lines = rows.map((row, n) => `<row r="${n + 1}">${row.map(cell).join('')}</row>`);
  return `${head}<worksheet xmlns="${kind}/spreadsheetml/2006/main"><sheetData>${lines.join('')}</sheetData></worksheet>`;
};

/** workbook is an .xlsx with a sheet of rows by each name. */
export function workbook(sheets: Record<string, string[][]>): Buffer {
  const names = Object.keys(sheets);
  const each = (make: (name: string, n: number) => string) => names.map((name, n) => make(name, n + 1)).join('');
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${head}<Types xmlns="${kind}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${main}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${head}<workbook xmlns="${kind}/spreadsheetml/2006/main" xmlns:r="${kind}/officeDocument/2006/relationships"><sheets>${each((name, n) => `<sheet name="${inText(name)}" sheetId="${n}" r:id="r${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(names.map((_, n) => ['worksheet', `worksheets/sheet${n + 1}.xml`])),
    ...Object.fromEntries(names.map((name, n) => [`xl/worksheets/sheet${n + 1}.xml`, sheet(sheets[name] ?? [])])),
  };
  return zip(parts);
}

const relations = (to: [type: string, target: string][]) =>
  `${head}<Relationships xmlns="${kind}/package/2006/relationships">${to
    .map(
      ([type, target], n) =>
        `<Relationship Id="r${n + 1}" Type="${kind}/officeDocument/2006/relationships/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

/** Stored, not compressed: see APPNOTE.TXT 4.3. */
function zip(parts: Record<string, string>): Buffer {
  const files: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [path, text] of Object.entries(parts)) {
    const name = Buffer.from(path);
    const body = Buffer.from(text);
    // What stands both before a file and in the index: versions, no compression, no time, its sum, its sizes.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2); // names are UTF-8
    common.writeUInt16LE(33, 8); // 1980-01-01
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, body);
    index.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, name);
    at += 30 + name.length + body.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const count = Object.keys(parts).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(index).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...index, end]);
}
