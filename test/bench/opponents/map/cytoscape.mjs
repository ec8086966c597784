/** The graph on cytoscape's canvas, with the options that its documentation names for large graphs. */
import cytoscape from 'cytoscape';

const COLOURS = ['#5a6472', '#6ea8fe', '#f0a35e', '#e5484d', '#9aa4b2'];

/** Resolves after the first frame with the graph on it. */
window.showMap = ({ nodes, edges, width, height }) =>
  new Promise((shown) => {
    const cy = cytoscape({
      container: document.querySelector('#map'),
      elements: [
        ...nodes.map(({ id, name, x, y, health }) => ({
          data: { id, name, colour: COLOURS[health] },
          position: { x, y },
        })),
        ...edges.map(({ from, to }, e) => ({ data: { id: `e${e}`, source: from, target: to } })),
      ],
      layout: { name: 'preset' },
      style: [
        {
          selector: 'node',
          style: { shape: 'rectangle', width, height, label: 'data(name)', 'background-color': 'data(colour)' },
        },
        {
          selector: 'edge',
          style: { width: 1, 'curve-style': 'haystack', 'line-color': '#8a94a2' },
        },
      ],
      textureOnViewport: false,
      hideEdgesOnViewport: false,
      motionBlur: false,
      pixelRatio: 1,
      minZoom: 0.001,
    });
    cy.fit();
    window.moveMap = (factor, dx, dy) => {
      const renderedPosition = { x: window.innerWidth / 2, y: window.innerHeight / 2 };
      cy.zoom({ level: cy.zoom() * factor, renderedPosition });
      cy.panBy({ x: dx, y: dy });
    };
    cy.one('render', () => requestAnimationFrame(() => shown()));
  });
