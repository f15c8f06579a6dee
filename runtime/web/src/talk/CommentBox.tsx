// Where a comment is written. An @ offers people; what is typed stays until the server has it.
import { useQuery } from '@tanstack/react-query';
import { Mentions } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findPeople, newKey, type Ref } from '../api';
import { mentioned } from './mentions';
import type { useComments } from './useComments';

export function CommentBox({ send }: { send: ReturnType<typeof useComments>['send'] }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [wanted, setWanted] = useState<string>();
  const [chosen, setChosen] = useState<Ref[]>([]);
  const once = useRef('');
  const found = useQuery({
    queryKey: ['people', wanted],
    queryFn: ({ signal }) => findPeople(wanted ?? '', signal),
    enabled: wanted !== undefined,
  });
  const people = found.data?.people ?? [];

  function change(next: string) {
    once.current = ''; // another text is another attempt
    setText(next);
    // The part hears of keys alone, and not of what is pasted, spoken or written by other means.
    const [, name] = /@([^\s@]*)$/.exec(next) ?? [];
    if (name !== undefined) setWanted(name);
  }
  function submit() {
    if (!text.trim() || send.isPending) return;
    once.current ||= newKey();
    const mentions = mentioned(text, chosen).map((person) => person.id);
    send.mutate(
      { text, mentions, once: once.current },
      {
        onSuccess: () => {
          change('');
          setChosen([]);
        },
      },
    );
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
        aria-label={t('comment.name')}
        placeholder={t('comment.placeholder')}
        rows={2}
        maxLength={5000}
        value={text}
        loading={found.isFetching}
        filterOption={false}
        options={people.map((person) => ({ key: person.id, value: person.title, label: person.title, person }))}
        onChange={change}
        onSearch={(q) => setWanted(q)}
        onSelect={(option) => {
          // The key that comes back is another one.
          if ('person' in option) setChosen([...chosen, option.person as Ref]);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
      />
      {text.trim() && (
        <button type="submit" className="button primary" disabled={send.isPending}>
          {t('comment.send')}
        </button>
      )}
    </form>
  );
}
