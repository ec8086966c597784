/**
 * The renderer's entry: the look as it was left, then the frame, or the board on the wall when this is its window. Nothing
 * is awaited before the first paint. One entry for both, because a second one would split what they share into files that
 * every start of the console had to ask for one by one.
 */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '../styles/tokens.css';
import '../styles/base.css';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { showLook, storedLook } from '../state/look.ts';
import { App } from './App.tsx';

const Board = lazy(() => import('../board/Board.tsx').then((module) => ({ default: module.Board })));
const wall = new URLSearchParams(location.search).has('board');

showLook(storedLook());

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    {wall ? (
      <Suspense fallback={null}>
        <Board />
      </Suspense>
    ) : (
      <App />
    )}
  </StrictMode>,
);
