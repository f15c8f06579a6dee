// Whose app it is, in a line: the logo and the name, the product's where nobody has given others.
import { useTranslation } from 'react-i18next';
import { type Brand, useLabel } from '../meta';

export function BrandMark({ brand }: { brand: Brand | undefined }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <>
      <img src={brand?.logo ?? '/icon.svg'} alt="" />
      <span className="clip">{label(brand?.name) || t('app.name')}</span>
    </>
  );
}
