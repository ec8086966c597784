/** The graph in React Flow, drawing only what is visible, with the plainest nodes and edges that it has. */
import { ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

/** Resolves after the first frame with the graph on it. */
window.showMap = ({ nodes, edges, width, height }) =>
  new Promise((shown) => {
    const flowNodes = nodes.map(({ id, name, x, y }) => ({
      id,
      position: { x: x - width / 2, y: y - height / 2 },
      data: { label: name },
      width,
      height,
      sourcePosition: 'right',
      targetPosition: 'left',
    }));
    const flowEdges = edges.map(({ from, to }, e) => ({ id: `e${e}`, source: from, target: to, type: 'straight' }));
    function Move() {
      const flow = useReactFlow();
      useEffect(() => {
        window.moveMap = (factor, dx, dy) => {
          const { x, y, zoom } = flow.getViewport();
          const middle = { x: window.innerWidth / 2, y: window.innerHeight / 2 };
          void flow.setViewport({
            x: middle.x - (middle.x - x) * factor + dx,
            y: middle.y - (middle.y - y) * factor + dy,
            zoom: zoom * factor,
          });
        };
      }, [flow]);
      return null;
    }
    createRoot(document.querySelector('#map')).render(
      createElement(
        ReactFlowProvider,
        null,
        createElement(
          ReactFlow,
          {
            nodes: flowNodes,
            edges: flowEdges,
            fitView: true,
            minZoom: 0.001,
            onlyRenderVisibleElements: true,
            nodesDraggable: false,
            nodesConnectable: false,
            elementsSelectable: false,
            onInit: () => requestAnimationFrame(() => requestAnimationFrame(() => shown())),
          },
          createElement(Move),
        ),
      ),
    );
  });
