import { ArrowLeftOutlined } from '@ant-design/icons';
import { getRouteApi, useNavigate, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useForm } from '../meta';
import { NotFound } from '../shell/NotFound';
import { RecordView } from './RecordView';
import './views.css';
import './record.css';

const route = getRouteApi('/f/$form/$id');

export function RecordPage() {
  const { t } = useTranslation();
  const { form: key, id } = route.useParams();
  const { comment } = route.useSearch();
  const form = useForm(key);
  const navigate = useNavigate();
  const router = useRouter();
  if (!form) return <NotFound />;
  const up = () => navigate({ to: '/f/$form', params: { form: key } });
  const back = () => (router.history.canGoBack() ? router.history.back() : up());
  const tools = (
    <button type="button" className="plain icon" onClick={back} aria-label={t('record.back')} title={t('record.back')}>
      <ArrowLeftOutlined />
    </button>
  );
  return (
    <main className="record-page">
      <RecordView form={form} id={id} comment={comment} tools={tools} onGone={up} />
    </main>
  );
}
