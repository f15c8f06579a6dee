// How much of its room a text takes. Nothing that is typed or pasted is ever cut: what is too long is said, and not sent.
import { useTranslation } from 'react-i18next';

/** The length of a text in characters, as the server counts them: without the blanks around it. */
export const lengthOf = (text: string): number => [...text.trim()].length;

export const isTooLong = (text: string, max: number): boolean => lengthOf(text) > max;

/** From which part of its room on the length of a text is told. */
const telling = 0.8;

interface Props {
  /** What the input names as that by which it is described. */
  id: string;
  text: string;
  max: number;
}

export function Length({ id, text, max }: Props) {
  const { t } = useTranslation();
  const long = lengthOf(text);
  const over = long - max;
  return (
    <small id={id} role="status" className={over > 0 ? 'fault' : 'quiet num'}>
      {over > 0 ? t('length.over', { max, over }) : long >= max * telling ? t('length.used', { long, max }) : ''}
    </small>
  );
}
