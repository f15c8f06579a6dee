import { createRoot } from 'react-dom/client';
import { startTexts } from './i18n';
import { App } from './shell/App';
import './theme/tokens.css';
import './theme/inputs.css';
import './shell/shell.css';

const root = document.getElementById('root');
if (root) {
  await startTexts();
  createRoot(root).render(<App />);
}
