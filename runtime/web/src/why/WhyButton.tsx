import { QuestionCircleOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import './why.css';

/** Asks why something is as it is. It shows where one points, and to the keyboard. */
export function WhyButton({ name, onAsk }: { name: string; onAsk: () => void }) {
  const { t } = useTranslation();
  const text = t('why.ask', { name });
  return (
    <button type="button" className="plain icon why-button" aria-label={text} title={text} onClick={onAsk}>
      <QuestionCircleOutlined />
    </button>
  );
}
