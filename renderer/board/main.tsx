/** The entry of the board on the wall: a page of its own, with nothing in it that could be pressed. */
import '@fontsource-variable/inter/wght.css';
import '../styles/tokens.css';
import '../styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showLook, storedLook } from '../state/look.ts';
import { Board } from './Board.tsx';

showLook(storedLook());

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <Board />
  </StrictMode>,
);
