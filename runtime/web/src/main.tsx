import { createRoot } from 'react-dom/client';
import { tidyDrafts } from './form/draft';
import { startTexts } from './i18n';
import { App } from './shell/App';
import { fetchPage } from './shell/router';
import './theme/tokens.css';
import './theme/base.css';
import './theme/inputs.css';
import './theme/overlays.css';
import './shell/shell.css';

const root = document.getElementById('root');
if (root) {
  fetchPage();
  tidyDrafts(Date.now());
  await startTexts();
  createRoot(root).render(<App />);
}
