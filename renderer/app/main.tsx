/** The renderer's entry: the look as it was left, then the frame. Nothing is awaited before the first paint. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../styles/tokens.css';
import '../styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showLook, storedLook } from '../state/look.ts';
import { App } from './App.tsx';

showLook(storedLook());

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
