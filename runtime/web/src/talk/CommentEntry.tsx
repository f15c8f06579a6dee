// A comment among what has happened to a record.
import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import type { Comment } from '../api';
import { FileList } from '../form/fields/file';
import { Person } from '../form/fields/reference';
import { ago, minute } from '../meta';
import { FaultNotice } from '../shell/FaultNotice';
import { Sheet } from '../shell/Sheet';
import { SheetFoot } from '../shell/SheetFoot';
import { pieces } from './mentions';
import type { Talk } from './useComments';
import { useSeen } from './useSeen';

const CommentBox = lazy(async () => ({ default: (await import('./CommentBox')).CommentBox }));

interface Props {
  form: string;
  id: string;
  comment: Comment;
  talk: Talk;
  /** Somebody comes for it. */
  sought?: boolean;
}

export function CommentEntry({ form, id, comment, talk, sought }: Props) {
  const { t, i18n } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [dropping, setDropping] = useState(false);
  const drop = comment.mine ? t('comment.drop') : t('comment.take', { name: comment.by.title });
  const entry = useRef<HTMLLIElement>(null);
  useSeen(entry, sought);
  return (
    <li
      ref={entry}
      className={sought ? 'comment sought' : 'comment'}
      tabIndex={sought ? -1 : undefined}
      aria-current={sought || undefined}
    >
      <header>
        <Person person={comment.by} />
        <span>{t('comment.said')}</span>
        {comment.editedAt && (
          <span className="quiet" title={minute(comment.editedAt)}>
            {t('comment.edited')}
          </span>
        )}
        {comment.mine && !editing && (
          <button
            type="button"
            className="plain icon restore"
            aria-label={t('comment.edit')}
            title={t('comment.edit')}
            onClick={() => setEditing(true)}
          >
            <EditOutlined />
          </button>
        )}
        {comment.removes && !editing && (
          <button
            type="button"
            className="plain icon restore"
            aria-label={drop}
            title={drop}
            onClick={() => setDropping(true)}
          >
            <DeleteOutlined />
          </button>
        )}
        <time className="quiet num" dateTime={comment.at} title={minute(comment.at)}>
          {ago(comment.at, i18n.language)}
        </time>
      </header>
      {comment.files.length > 0 && <FileList files={comment.files} />}
      {editing ? (
        <Suspense>
          <CommentBox
            form={form}
            id={id}
            of={comment}
            onSay={(said) => talk.anew(comment.id, said)}
            onDone={() => setEditing(false)}
          />
        </Suspense>
      ) : (
        comment.text && <Words comment={comment} />
      )}
      {dropping && (
        <Dropping
          title={drop}
          comment={comment}
          onDrop={() => talk.drop(comment.id)}
          onClose={() => setDropping(false)}
        />
      )}
    </li>
  );
}

function Words({ comment }: { comment: Comment }) {
  let at = 0;
  return (
    <p className="lines">
      {pieces(comment.text, comment.mentions).map(({ text, person }) => {
        at += text.length;
        return person ? <b key={at}>{text}</b> : <span key={at}>{text}</span>;
      })}
    </p>
  );
}

interface DroppingProps {
  title: string;
  comment: Comment;
  onDrop: () => Promise<unknown>;
  onClose: () => void;
}

/** Nothing brings a comment back: it is asked first. */
function Dropping({ title, comment, onDrop, onClose }: DroppingProps) {
  const { t } = useTranslation();
  const { send, sending, fault } = useSending(async () => {
    await onDrop();
    onClose();
  });
  return (
    <Sheet title={title} onClose={onClose}>
      <div className="sheet-content">
        <p>{t(comment.mine ? 'comment.dropText' : 'comment.takeText')}</p>
        <FaultNotice>{fault}</FaultNotice>
      </div>
      <SheetFoot onClose={onClose}>
        <button type="button" className="button danger" disabled={sending} onClick={() => send(undefined)}>
          {t('record.delete')}
        </button>
      </SheetFoot>
    </Sheet>
  );
}
