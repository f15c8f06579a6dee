// A comment among what has happened to a record.
import { DeleteOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { Comment } from '../api';
import { Person } from '../form/fields/reference';
import { ago, minute } from '../meta';
import { pieces } from './mentions';

export function CommentEntry({ comment, onDrop }: { comment: Comment; onDrop: () => void }) {
  const { t, i18n } = useTranslation();
  let at = 0;
  return (
    <li className="comment">
      <header>
        <Person person={comment.by} />
        <span>{t('comment.said')}</span>
        {comment.removes && (
          <button
            type="button"
            className="plain icon restore"
            aria-label={t('comment.drop')}
            title={t('comment.drop')}
            onClick={onDrop}
          >
            <DeleteOutlined />
          </button>
        )}
        <time className="quiet num" dateTime={comment.at} title={minute(comment.at)}>
          {ago(comment.at, i18n.language)}
        </time>
      </header>
      {comment.files.length > 0 && (
        <ul className="comment-files">
          {comment.files.map((file) => (
            <li key={file.id}>
              <a href={`/api/v1/files/${file.id}`} download>
                <PaperClipOutlined aria-hidden="true" /> {file.name}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p className="lines">
        {pieces(comment.text, comment.mentions).map(({ text, person }) => {
          at += text.length;
          return person ? <b key={at}>{text}</b> : <span key={at}>{text}</span>;
        })}
      </p>
    </li>
  );
}
