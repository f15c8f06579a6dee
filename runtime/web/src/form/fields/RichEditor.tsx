// The editor of formatted text: ProseMirror by way of Tiptap, with what the server keeps and nothing beyond it.
import {
  BoldOutlined,
  ItalicOutlined,
  LinkOutlined,
  OrderedListOutlined,
  RedoOutlined,
  StrikethroughOutlined,
  UnderlineOutlined,
  UndoOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { type ReactNode, useEffect, useReducer, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '../../meta';
import { type EditProps, isEmpty } from './ui';

const plain = (value: unknown) => (isEmpty(value) ? '' : String(value));

interface Tool {
  name: string;
  face: ReactNode;
  on?: (editor: Editor) => boolean;
  run: (editor: Editor) => void;
}

const tools: Tool[] = [
  {
    name: 'heading',
    face: 'H',
    on: (e) => e.isActive('heading', { level: 2 }),
    run: (e) => e.chain().focus().toggleHeading({ level: 2 }).run(),
  },
  {
    name: 'bold',
    face: <BoldOutlined />,
    on: (e) => e.isActive('bold'),
    run: (e) => e.chain().focus().toggleBold().run(),
  },
  {
    name: 'italic',
    face: <ItalicOutlined />,
    on: (e) => e.isActive('italic'),
    run: (e) => e.chain().focus().toggleItalic().run(),
  },
  {
    name: 'underline',
    face: <UnderlineOutlined />,
    on: (e) => e.isActive('underline'),
    run: (e) => e.chain().focus().toggleUnderline().run(),
  },
  {
    name: 'strike',
    face: <StrikethroughOutlined />,
    on: (e) => e.isActive('strike'),
    run: (e) => e.chain().focus().toggleStrike().run(),
  },
  {
    name: 'bullets',
    face: <UnorderedListOutlined />,
    on: (e) => e.isActive('bulletList'),
    run: (e) => e.chain().focus().toggleBulletList().run(),
  },
  {
    name: 'numbers',
    face: <OrderedListOutlined />,
    on: (e) => e.isActive('orderedList'),
    run: (e) => e.chain().focus().toggleOrderedList().run(),
  },
  {
    name: 'quote',
    face: '❝',
    on: (e) => e.isActive('blockquote'),
    run: (e) => e.chain().focus().toggleBlockquote().run(),
  },
];

export default function RichEditor(props: EditProps) {
  const { id, value, onChange, disabled, invalid, describedBy, label, autoFocus, def } = props;
  const { t } = useTranslation();
  const name = useLabel()(def['x-label']);
  const page = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor>();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef({ onChange, sent: plain(value) });
  latest.current.onChange = onChange;

  // biome-ignore lint/correctness/useExhaustiveDependencies: one editor for the life of the input; what changes is set below
  useEffect(() => {
    const made = new Editor({
      element: page.current,
      injectCSS: false, // the page takes no styles but its own
      content: plain(value),
      autofocus: autoFocus ? 'end' : false,
      extensions: [
        StarterKit.configure({
          heading: { levels: [1, 2, 3] },
          dropcursor: false,
          gapcursor: false,
          link: { openOnClick: false, protocols: ['http', 'https', 'mailto', 'tel'], defaultProtocol: 'https' },
        }),
      ],
      onUpdate: ({ editor: changed }) => {
        const markup = changed.isEmpty ? '' : changed.getHTML();
        latest.current.sent = markup;
        latest.current.onChange(markup || null);
      },
      onTransaction: redraw,
    });
    setEditor(made);
    return () => made.destroy();
  }, []);

  useEffect(() => {
    if (!editor) return;
    editor.setEditable(!disabled, false);
    editor.setOptions({
      editorProps: {
        attributes: {
          id,
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': label ?? name,
          ...(invalid ? { 'aria-invalid': 'true' } : {}),
          ...(describedBy ? { 'aria-describedby': describedBy } : {}),
        },
      },
    });
  }, [editor, id, label, name, disabled, invalid, describedBy]);

  // Set from elsewhere: taken back, or saved and tidied by the server.
  useEffect(() => {
    if (editor && plain(value) !== latest.current.sent) {
      latest.current.sent = plain(value);
      editor.commands.setContent(plain(value), { emitUpdate: false });
    }
  }, [editor, value]);

  return (
    <div className={invalid ? 'rich-edit invalid' : 'rich-edit'}>
      <div className="tools" role="toolbar" aria-label={t('rich.tools')}>
        {editor &&
          !disabled &&
          tools.map((tool) => (
            <button
              key={tool.name}
              type="button"
              className="plain icon"
              aria-label={t(`rich.${tool.name}`)}
              title={t(`rich.${tool.name}`)}
              aria-pressed={tool.on?.(editor)}
              onClick={() => tool.run(editor)}
            >
              {tool.face}
            </button>
          ))}
        {editor && !disabled && <LinkTool editor={editor} />}
        {editor && !disabled && (
          <>
            <button
              type="button"
              className="plain icon"
              aria-label={t('rich.undo')}
              disabled={!editor.can().undo()}
              onClick={() => editor.chain().focus().undo().run()}
            >
              <UndoOutlined />
            </button>
            <button
              type="button"
              className="plain icon"
              aria-label={t('rich.redo')}
              disabled={!editor.can().redo()}
              onClick={() => editor.chain().focus().redo().run()}
            >
              <RedoOutlined />
            </button>
          </>
        )}
      </div>
      <div ref={page} className="rich" />
    </div>
  );
}

/** Asks for the address of a link in the toolbar; an empty one takes the link away. */
function LinkTool({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState<string>();
  const set = () => {
    const href = address?.trim() ?? '';
    const chain = editor.chain().focus().extendMarkRange('link');
    if (href) chain.setLink({ href: /^[a-z]+:/i.test(href) ? href : `https://${href}` }).run();
    else chain.unsetLink().run();
    setAddress(undefined);
  };
  return (
    <>
      <button
        type="button"
        className="plain icon"
        aria-label={t('rich.link')}
        title={t('rich.link')}
        aria-pressed={editor.isActive('link')}
        aria-expanded={address !== undefined}
        onClick={() => setAddress(address === undefined ? String(editor.getAttributes('link').href ?? '') : undefined)}
      >
        <LinkOutlined />
      </button>
      {address !== undefined && (
        <input
          className="address-line"
          type="url"
          autoFocus
          aria-label={t('rich.address')}
          placeholder="https://"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              set();
            } else if (event.key === 'Escape') {
              event.stopPropagation();
              setAddress(undefined);
              editor.commands.focus();
            }
          }}
        />
      )}
    </>
  );
}
