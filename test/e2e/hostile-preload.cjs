/** What a page could do at worst: speak on any channel with anything. Only the security tests load it. */
const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('hostile', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args).catch((error) => ({ rejected: String(error) })),
});
