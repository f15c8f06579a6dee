// Where a comment is written, or written anew. An @ offers people; what is typed stays, also when the page is left, until
// the server has it.
import { useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSending } from '../act/useSending';
import { type Comment, findPeople, newKey, type Ref, type Said } from '../api';
import { FileList } from '../form/fields/file';
import { Upload } from '../form/fields/Upload';
import { isTooLong, Length } from '../form/Length';
import { Mentions } from '../inputs';
import { FaultNotice } from '../shell/FaultNotice';
import { mentioned } from './mentions';
import { useUnsaid } from './unsaid';

const maxText = 5000;
const maxFiles = 10;

interface Props {
  form: string;
  id: string;
  /** The comment that is written anew: its files stay as they are. */
  of?: Comment;
  onSay: (said: Said, once: string) => Promise<unknown>;
  /** It is said, or given up. */
  onDone?: () => void;
}

export function CommentBox({ form, id, of, onSay, onDone }: Props) {
  const { t } = useTranslation();
  const lengthId = useId();
  const [unsaid, setUnsaid] = useUnsaid(form, id, of);
  const { text, people: chosen, files } = unsaid;
  const [wanted, setWanted] = useState<string>();
  const once = useRef('');
  const found = useQuery({
    queryKey: ['people', wanted],
    queryFn: ({ signal }) => findPeople(wanted ?? '', signal),
    enabled: wanted !== undefined,
  });
  const people = found.data?.people ?? [];
  const { send, sending, fault } = useSending(async () => {
    once.current ||= newKey();
    const said = { text, mentions: mentioned(text, chosen).map(idOf), files: files.map(idOf) };
    await onSay(said, once.current);
    done();
  });
  const empty = !text.trim() && !files.length && !of?.files.length;
  const sendable = !empty && !isTooLong(text, maxText);

  function change(next: Partial<typeof unsaid>) {
    once.current = ''; // another text is another attempt
    setUnsaid({ ...unsaid, ...next });
  }
  function type(next: string) {
    change({ text: next });
    // The part hears of keys alone, and not of what is pasted, spoken or written by other means.
    const [, name] = /@([^\s@]*)$/.exec(next) ?? [];
    if (name !== undefined) setWanted(name);
  }
  function done() {
    once.current = '';
    setUnsaid(undefined);
    onDone?.();
  }
  function submit() {
    if (sendable) void send(undefined);
  }

  return (
    <form
      className="comment-box"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Mentions
        aria-label={t(of ? 'comment.edit' : 'comment.name')}
        aria-describedby={lengthId}
        placeholder={t('comment.placeholder')}
        rows={2}
        value={text}
        autoFocus={Boolean(of)}
        loading={found.isFetching}
        filterOption={false}
        options={people.map((person) => ({ key: person.id, value: person.title, label: person.title, person }))}
        onChange={type}
        onSearch={(q) => setWanted(q)}
        onSelect={(option) => {
          // The key that comes back is another one.
          if ('person' in option) setUnsaid((now) => ({ ...now, people: [...now.people, option.person as Ref] }));
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
      />
      <Length id={lengthId} text={text} max={maxText} />
      {files.length > 0 && (
        <FileList
          files={files}
          disabled={sending}
          onRemove={(gone) => change({ files: files.filter((file) => file.id !== gone) })}
        />
      )}
      <FaultNotice>{fault}</FaultNotice>
      <div className="comment-tools">
        {!of && (
          <Upload
            room={maxFiles - files.length}
            disabled={sending}
            onAdded={(added) => {
              once.current = '';
              setUnsaid((now) => ({ ...now, files: [...now.files, ...added] }));
            }}
          />
        )}
        {of && (
          <button type="button" className="button" onClick={done}>
            {t('action.cancel')}
          </button>
        )}
        {(of || !empty) && (
          <button type="submit" className="button primary" disabled={sending || !sendable}>
            {t(of ? 'action.save' : 'comment.send')}
          </button>
        )}
      </div>
    </form>
  );
}

const idOf = (one: { id: string }) => one.id;
