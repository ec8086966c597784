// Painted when a frame has come and gone, as the console counts it.
requestAnimationFrame(() => setTimeout(() => (document.title = 'painted')));
