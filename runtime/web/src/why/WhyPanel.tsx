// Why something is as it is: the server's explanation, drawn as a tree that opens where it matters.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Explained, explainField, explainRight } from '../api';
import type { Form } from '../meta';
import { Sheet } from '../shell/Sheet';
import { usePhone } from '../theme/phone';
import { Fault } from '../views/Fault';
import './why.css';

interface Props {
  form: Form;
  id: string;
  /** The field to explain; with right: whether that may be done to it. */
  field?: string;
  right?: 'read' | 'update' | 'delete' | 'export';
  title: string;
  onClose: () => void;
}

export function WhyPanel({ form, id, field, right, title, onClose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const query = useQuery({
    queryKey: ['record', form.key, id, 'why', field, right],
    queryFn: ({ signal }) =>
      right ? explainRight(form.key, id, right, field, signal) : explainField(form.key, id, field ?? '', signal),
  });
  const told = query.data;
  const roots = [told?.value, told?.right, ...(told?.rules ?? [])].filter((one) => one !== undefined);
  return (
    <Sheet title={t('why.title', { name: title })} onClose={onClose} kind={phone ? 'below' : 'wide'}>
      <div className="sheet-content why" aria-busy={query.isPending}>
        {query.isError && <Fault error={query.error} onRetry={() => query.refetch()} />}
        {query.isPending && <div className="skeleton late" style={{ height: 80 }} />}
        {[...roots.entries()].map(([place, root]) => (
          <ul key={place} className="why-tree">
            <Step step={root} depth={0} />
          </ul>
        ))}
        {told && !roots.length && <p className="quiet">{t('why.nothing')}</p>}
      </div>
    </Sheet>
  );
}

/** How deep the tree is open to begin with: the answer and what it followed from. */
const opened = 4;

export function Step({ step, depth }: { step: Explained; depth: number }) {
  const { t } = useTranslation();
  const line = (
    <span className="why-line">
      <span className="why-label">{step.label}</span>
      {step.sight === 'hidden' ? (
        <span className="quiet">{t('why.hidden')}</span>
      ) : (
        step.text !== undefined && step.text !== '' && <strong className="num">{step.text}</strong>
      )}
      {step.fault && <span className="fault">{step.fault}</span>}
    </span>
  );
  const rest = (
    <>
      {step.rule?.text && <code className="why-rule">{step.rule.text}</code>}
      {step.notes?.map((note) => (
        <small key={note} className="quiet">
          {note}
        </small>
      ))}
    </>
  );
  if (!step.parts?.length) {
    return (
      <li>
        {line}
        {rest}
      </li>
    );
  }
  return (
    <li>
      <details open={depth < opened}>
        <summary>{line}</summary>
        {rest}
        <ul>
          {[...step.parts.entries()].map(([place, part]) => (
            <Step key={place} step={part} depth={depth + 1} />
          ))}
        </ul>
      </details>
    </li>
  );
}
